{#- Joins of the cells of `sent` with what their texts say: figures of numbers, days and
    months, codes, what a comma marks, in which order days stand, and the zone of the
    country. -#}
{% macro join_read(numbers, days, months, coded) -%}
    {% if numbers -%}
    left join marks on sent.submission_id = marks.submission_id
    {% endif -%}
    {% if days -%}
    left join {{ ref('countries') }} as zones on sent.country_code = zones.code
    {% endif -%}
    {% for field in days -%}
    left join {{ field }}_orders on sent.submission_id = {{ field }}_orders.submission_id
    {% endfor -%}
    {%- for field in numbers + days + months -%}
    left join {{ field }}_figures on sent.{{ field }} = {{ field }}_figures.sent_text
    {{ join_code(field, 'missing_values', field ~ '_figures.sent_key') }}
    {% endfor -%}
    {%- for field, codelist in coded.items() -%}
    {{ join_code(field, codelist, 'sent.' ~ field ~ '_key') }}
    {% endfor %}
{%- endmacro %}
