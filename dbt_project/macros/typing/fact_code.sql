{#- The code of an answer as facts have it, so that each mart has two cases only: null for
    an answer that was not given, UNKNOWN for one that its sender does not know. The drug of
    a seizure or price is asked of every row, and a cell '--' is how the form says that it
    is not known. A province or crossing point that is not known is null either way: it then
    follows from the words of the place.

    The markers are those of the seed missing_values with their fact_code, as literals,
    because this is asked of every coded cell of every row; a test holds them against it. -#}
{% macro fact_code(field, row='staged') -%}
    {%- set code = row ~ '.' ~ field ~ '_code' -%}
    case {{ code }}
            {%- for marker, said in {
                'UNKNOWN': "'UNKNOWN'", 'NOT_KNOWN': "'UNKNOWN'", 'NOT_STATED': 'null',
                'NOT_APPLICABLE': 'null', 'SUPPRESSED': 'null', 'UNRELIABLE': 'null'
            }.items() %}
            {%- if field in ['admin_division', 'border_point'] %}
            when '{{ marker }}' then null
            {%- elif marker != 'UNKNOWN' %}
            when '{{ marker }}' then {{ "'UNKNOWN'" if field == 'drug' else said }}
            {%- endif %}
            {%- endfor %}
            else {{ code }}
        end
{%- endmacro %}
