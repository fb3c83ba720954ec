{#- The markers of a missing value by what facts say of them (seed missing_values): a
    sender states that the answer is not known, or states nothing. Literals, because this
    is asked of every coded cell of every row; a test holds them against the seed. -#}
{% macro markers_of(fact_code) -%}
    {{ {
        'UNKNOWN': "'NOT_KNOWN', 'UNKNOWN'",
        'nothing': "'NOT_STATED', 'NOT_APPLICABLE', 'SUPPRESSED', 'UNRELIABLE'"
    }[fact_code] }}
{%- endmacro %}

{#- The code of an answer as facts have it, so that each mart has two cases only: null for
    an answer that was not given, UNKNOWN for one that its sender does not know. The drug of
    a seizure or price is asked of every row, and a cell '--' is how the form says that it
    is not known. A province or crossing point that is not known is null either way: it then
    follows from the words of the place. -#}
{% macro fact_code(field, row='staged') -%}
    {%- set code = row ~ '.' ~ field ~ '_code' -%}
    case
            {% if field in ['admin_division', 'border_point'] -%}
            when {{ code }} in ({{ markers_of('UNKNOWN') }}, {{ markers_of('nothing') }})
                then null
            {%- elif field == 'drug' -%}
            when {{ code }} in ({{ markers_of('UNKNOWN') }}, {{ markers_of('nothing') }})
                then 'UNKNOWN'
            {%- else -%}
            when {{ code }} in ({{ markers_of('UNKNOWN') }}) then 'UNKNOWN'
            when {{ code }} in ({{ markers_of('nothing') }}) then null
            {%- endif %}
            else {{ code }}
        end
{%- endmacro %}
