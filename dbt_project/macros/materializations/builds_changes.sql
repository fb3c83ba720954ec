{#- Whether the tables of the last publication are there as it left them, so that only
    what has changed since is built. -#}
{% macro builds_changes() -%}
    {{ return(var('only_changes', '') == 'yes') }}
{%- endmacro %}

{#- Whether large tables that are built whole are built some slices at a time; unit tests
    have no slices. -#}
{% macro builds_in_batches() -%}
    {{ return(var('in_batches', 'yes') == 'yes') }}
{%- endmacro %}

{#- True for rows that name a changed slice in one of these columns; where a table is
    built whole, for all, or for those whose slice, the column `own`, is built at a time. -#}
{% macro is_of_changed_slice(changed, columns, own=none) -%}
    {%- if builds_changes() or (own and builds_in_batches()) -%}
    ({% for column in (columns if builds_changes() else [own]) -%}
        {{ column }} in (select found.slice_key from {{ changed }} as found)
        {{- ' or ' if not loop.last }}
    {%- endfor %})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
