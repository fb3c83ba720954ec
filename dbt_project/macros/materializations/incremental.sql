{#- Typed rows of submissions that are not typed yet, appended in the order of their
    numbers, in which their digests are made (warehouse/storage/digests.py). Some submissions
    at a time: typing and sorting have all rows of a statement in memory. -#}
{%- materialization incremental, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- do drop_other_kind(target) -%}
    {%- set named = model.sources | selectattr(1, "ne", "submissions") | first -%}
    {%- set sent = source(named[0], named[1]) | string -%}
    {%- set batches = batches_to_type(sent, target) -%}
    {%- call statement("main") -%}
        {%- if not is_incremental() %}
        create or replace table {{ target }} as
        select * from ({{ compiled_code }}) as typed limit 0;
        {%- endif %}
        {%- for batch in batches %}
        insert into {{ target }} by name
        select * from ({{ compiled_code | replace(sent, batch) }}) as typed
        order by submission_id, sheet, source_row;
        {%- endfor %}
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}

{#- The rows that were sent, for each statement, as SQL in place of their table:
    submissions that follow each other and have together what one statement takes. -#}
{%- macro batches_to_type(sent, target) -%}
    {%- set rows_at_once = 200000 -%}
    {%- set batches -%}
        with counted as (
            select
                submission_id,
                sum(count(*)) over (order by min(rowid)) // {{ rows_at_once }} as batch
            from {{ sent }}
            {% if is_incremental() -%}
            where submission_id not in (select known.submission_id from {{ target }} as known)
            {%- endif %}
            group by submission_id
        )
        select string_agg('''' || replace(submission_id, '''', '''''') || '''', ', ')
        from counted
        group by batch
        order by batch
    {%- endset -%}
    {%- set selected = [] -%}
    {%- for names in run_query(batches).columns[0].values() -%}
        {%- do selected.append(
            "(select * from " ~ sent ~ " where submission_id in (" ~ names ~ "))"
        ) -%}
    {%- endfor -%}
    {{ return(selected) }}
{%- endmacro -%}
