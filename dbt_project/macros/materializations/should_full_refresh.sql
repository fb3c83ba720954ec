{#- Whether an incremental model is built as if there were nothing: when that is asked,
    and where its table has no rows. The digests of rows say nothing of the columns of such
    a table, and somebody may have changed their types: what is typed next would be rounded. -#}
{%- macro should_full_refresh() -%}
    {%- set is_empty = false -%}
    {%- if execute and config.get("materialized") == "incremental" -%}
        {%- set there = load_relation(this) -%}
        {%- if there is not none and there.type == "table" -%}
            {%- set found = run_query("select 1 from " ~ there ~ " limit 1") -%}
            {%- set is_empty = found.rows | length == 0 -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(flags.FULL_REFRESH or is_empty) }}
{%- endmacro -%}
