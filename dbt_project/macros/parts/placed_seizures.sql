{#- The rows of fct_seizures with their place in the order of their keys: submissions are
    in the order of their names, and the rows of each lie in the table in that of their
    keys, in which DuckDB reads it. The last digit of a sum of doubles depends on the order.
    To put numbers in order takes a third of the time, and of the memory, that keys take.
    What is presumed double adds 0 to <measure>_without_duplicates; null stays null. -#}
{% macro placed_seizures() -%}
(
    select
        lying.* exclude (lying_place),
        {% for measure in [
            'quantity_kg', 'questioned_kg', 'quantity_litres', 'quantity_count',
            'equivalent_kg', 'pure_kg', 'heroin_equivalent_kg',
            'lowest_heroin_equivalent_kg', 'highest_heroin_equivalent_kg'
        ] -%}
        lying.{{ measure }} * if(lying.is_presumed_duplicate, 0, 1)
            as {{ measure }}_without_duplicates,
        {% endfor -%}
        if(lying.is_presumed_duplicate, 1, 0) as presumed_duplicate_count,
        submissions.submission_number * 4294967296 + lying.lying_place as row_place
    from (
        select
            *,
            row_number() over () as lying_place
        from {{ ref('fct_seizures') }}
    ) as lying
    left join (
        select
            submission_id,
            row_number() over (order by submission_id) as submission_number
        from {{ ref('fct_seizures') }}
        group by submission_id
    ) as submissions
        on lying.submission_id = submissions.submission_id
)
{%- endmacro %}

{#- Which seizure a part is of, and its state and year. -#}
{% macro seizure_of_year(of='') -%}
    {{ of }}seizure_id as row_id,
    {{ of }}row_place,
    {{ of }}submission_id,
    {{ of }}country_code,
    cast(year({{ of }}reporting_month) as integer) as calendar_year
{%- endmacro %}

{#- What each row of fct_seizures adds to sums by `keys`, a column and its SQL each. -#}
{% macro seizures_by(keys) -%}
    select
        seizure_id as row_id,
        row_place,
        submission_id,
        reporting_month,
        {% for column, value in keys.items() -%}
        {{ value }} as {{ column }},
        {% endfor -%}
        quantity,
        if(is_questioned, 1, 0) as questioned_count,
        if(is_questioned, 1 - presumed_duplicate_count, 0)
            as questioned_count_without_duplicates,
        presumed_duplicate_count,
        if(is_repeated, 1, 0) as repeated_count,
        {% for measure in [
            'quantity_kg', 'questioned_kg', 'quantity_litres', 'quantity_count',
            'equivalent_kg'
        ] -%}
        {{ measure }},
        {{ measure }}_without_duplicates{{ ',' if not loop.last }}
        {% endfor %}
    from {{ placed_seizures() }} as seizures
{%- endmacro %}

{#- Sums of parts as reported and without presumed double reports, in the order of keys:
    the last digit of a sum of doubles depends on it. -#}
{% macro both_sums(measures, of='') -%}
    {% for measure in measures -%}
    sum({{ of }}{{ measure }} order by {{ of }}row_place) as {{ measure }},
    sum({{ of }}{{ measure }}_without_duplicates order by {{ of }}row_place)
        as {{ measure }}_without_duplicates
    {%- if not loop.last %},
    {% endif %}
    {%- endfor %}
{%- endmacro %}

{#- How many seizures parts are, how many tell a quantity, are presumed double or repeat
    each other, and their sums. -#}
{% macro counted_seizures(measures) -%}
    count(*) as seizures_count,
    count(quantity) as known_quantity_count,
    cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(repeated_count) as bigint) as repeated_count,
    {{ both_sums(measures) }}
{%- endmacro %}
