{#- Raise dbt's error for a query whose columns are not those of the model's contract.
    dbt's own check, which makes the message, takes two queries and reads both results;
    this takes one query where the contract holds. -#}
{%- macro refuse_broken_contract(sql) -%}
    {%- set differing = run_query(
        "select 1 from (describe from (" ~ sql ~ ")) as found full join (describe " ~ get_empty_schema_sql(model.columns)
        ~ ") as promised using (column_name) where found.column_type is distinct from promised.column_type"
    ) -%}
    {%- if differing | length -%}
        {%- do get_assert_columns_equivalent(sql) -%}
    {%- endif -%}
{%- endmacro -%}
