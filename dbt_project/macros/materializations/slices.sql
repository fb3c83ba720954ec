{#- A table of which only those slices are built that have changed, where builds_changes;
    else it is built whole, as by table.sql.

    `made_of` of its config is SQL that says what each slice is made of: its `slice_key`,
    and whatever decides on its rows. That is kept, as <table>_made_of of schema
    intermediate, and compared with what it says the next time: <table>_changed has the
    slices of which it differs. Rows that name one of them in any of `slice_columns` are
    deleted, and the model has to yield these again, and no others. -#}
{%- materialization slices, adapter="duckdb" -%}
    {%- set target = this.incorporate(type="table") -%}
    {%- set made_of = "intermediate." ~ model.name ~ "_made_of" -%}
    {%- set changed = "intermediate." ~ model.name ~ "_changed" -%}
    {%- set has_contract = config.get("contract").enforced -%}
    {%- do drop_other_kind(target) -%}
    {%- if has_contract -%}
        {%- do refuse_broken_contract(compiled_code) -%}
    {%- endif -%}
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
        insert into {{ target }} by name {{ compiled_code }};
        create or replace table {{ made_of }} as from made_of_now;
        drop table made_of_now;
        {{ comments(target) }}
    {%- endcall -%}
    {%- do adapter.commit() -%}
    {{ return({"relations": [target]}) }}
{%- endmaterialization -%}
