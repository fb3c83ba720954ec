{#- A table replaced in one transaction. dbt's own materialization builds it under another
    name, renames both and drops the old one, in 15 statements that take longer than our
    models; nobody reads a working database while it is built. -#}
{%- materialization table, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- do drop_other_kind(target) -%}
    {%- if config.get("contract").enforced -%}
        {%- do refuse_broken_contract(compiled_code) -%}
    {%- endif -%}
    {%- call statement("main") -%}
        {%- if config.get("contract").enforced %}
        create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
        insert into {{ target }} by name {{ compiled_code }};
        {%- else %}
        create or replace table {{ target }} as {{ compiled_code }};
        {%- endif %}
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
