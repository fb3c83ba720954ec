{#- Whether the tables of the last publication are there as it left them, so that only
    what has changed since is built. -#}
{% macro builds_changes() -%}
    {{ return(var('only_changes', '') == 'yes') }}
{%- endmacro %}

{#- True for rows that name a changed slice in one of these columns, and for all where a
    table is built whole. -#}
{% macro is_of_changed_slice(changed, columns) -%}
    {%- if builds_changes() -%}
    ({% for column in columns -%}
        {{ column }} in (select found.slice_key from {{ changed }} as found)
        {{- ' or ' if not loop.last }}
    {%- endfor %})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
