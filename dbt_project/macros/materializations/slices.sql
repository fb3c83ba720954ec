{#- A table of which only those slices are built that have changed, where builds_changes;
    else it is built whole, as by table.sql.

    `made_of` of its config is SQL that says what each slice is made of: its `slice_key`,
    and whatever decides on its rows. That is kept, as <table>_made_of of schema
    intermediate, and compared with what it says the next time: <table>_changed has the
    slices of which it differs. Rows that name one of them in any of `slice_columns` are
    deleted, and the model has to yield these again, and no others.

    With `row_counts` of its config, SQL that says how many rows each `slice_key` is made of,
    the whole table is built some slices at a time as well, in the order of their keys: a
    statement has all its rows in memory. <table>_changed has those slices then. -#}
{%- materialization slices, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set made_of = "intermediate." ~ model.name ~ "_made_of" -%}
    {%- set changed = "intermediate." ~ model.name ~ "_changed" -%}
    {%- set has_contract = config.get("contract").enforced -%}
    {%- do drop_other_kind(target) -%}
    {%- if has_contract -%}
        {%- do refuse_broken_contract(compiled_code) -%}
    {%- endif -%}
    {%- set batches = [] if builds_changes() else batches_of_slices() -%}
    {%- call statement("main") -%}
        create or replace temporary table made_of_now as {{ config.require("made_of") }};
        {%- if builds_changes() %}
        create or replace table {{ changed }} as
        select distinct slice_key from (
            (from made_of_now except from {{ made_of }})
            union all
            (from {{ made_of }} except from made_of_now)
        );
        delete from {{ target }}
        where {{ is_of_changed_slice(changed, config.require("slice_columns")) }};
        {%- else %}
        create or replace table {{ changed }} as select slice_key from made_of_now limit 0;
        create or replace table {{ target }}
        {%- if has_contract %} {{ get_table_columns_and_constraints() }};
        {%- else %} as select * from ({{ compiled_code }}) as built limit 0;
        {%- endif %}
        {%- endif %}
        {%- for batch in batches %}
        create or replace table {{ changed }} as
        select distinct slice_key from made_of_now where {{ batch }};
        insert into {{ target }} by name {{ compiled_code }};
        {%- else %}
        insert into {{ target }} by name {{ compiled_code }};
        {%- endfor %}
        create or replace table {{ made_of }} as from made_of_now;
        drop table made_of_now;
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}

{#- Conditions on the keys of slices that have together what one statement takes. -#}
{%- macro batches_of_slices() -%}
    {%- set rows_at_once = 200000 -%}
    {%- if not (builds_in_batches() and config.get("row_counts")) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set last_keys -%}
        with counted as (
            select
                slice_key,
                sum(row_count) over (order by slice_key) // {{ rows_at_once }} as batch
            from ({{ config.get("row_counts") }})
        )
        select '''' || max(slice_key) || ''''
        from counted
        group by batch
        order by batch
    {%- endset -%}
    {%- set keys = run_query(last_keys).columns[0].values() | list -%}
    {%- set batches = [] -%}
    {%- for number in range([keys | length, 1] | max) -%}
        {%- do batches.append(
            ("slice_key > " ~ keys[number - 1] if number else "true") ~ " and "
            ~ ("slice_key <= " ~ keys[number] if number + 1 < keys | length else "true")
        ) -%}
    {%- endfor -%}
    {{ return(batches) }}
{%- endmacro -%}
