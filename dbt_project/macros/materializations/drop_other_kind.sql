{#- Drop a view that stands in the place of a table, or the other way round. -#}
{%- macro drop_other_kind(target) -%}
    {%- set existing = load_cached_relation(target) -%}
    {%- if existing is not none and existing.type != target.type -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{%- endmacro -%}
