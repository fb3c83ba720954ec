{#- Typed rows of submissions that are not typed yet, appended in the order of their numbers,
    in which their digests are made (warehouse/storage/digests.py). dbt's own
    materialization writes them to another table first. -#}
{%- materialization incremental, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- do drop_other_kind(target) -%}
    {%- call statement("main") -%}
        {%- if is_incremental() %}
        insert into {{ target }} by name
        {%- else %}
        create or replace table {{ target }} as
        {%- endif %}
        select * from ({{ compiled_code }}) as typed
        order by submission_id, sheet, source_row;
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
