{#- A view replaced in one transaction, whatever stands there; see table.sql. -#}
{%- materialization view, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="view") -%}
    {%- do drop_other_kind(target) -%}
    {%- call statement("main") %}
        create or replace view {{ target }} as ({{ compiled_code }});
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
