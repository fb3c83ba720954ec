{#- A view replaced in one transaction, whatever stands there; see table.sql. `needed` of
    its config is SQL that makes what it reads and no model makes before it. -#}
{%- materialization view, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="view") -%}
    {%- do drop_other_kind(target) -%}
    {%- call statement("main") %}
        {{ config.get("needed", "") }}
        create or replace view {{ target }} as ({{ compiled_code }});
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
