{#- The amount of a seizure, in the one unit that it was measured in: a common table
    expression `measured`, without seizures that have no date or no amount. -#}
{% macro measured_seizures(relation) -%}
measured as (

    select
        *,
        case
            when quantity_kg is not null then 'kg'
            when quantity_litres is not null then 'litres'
            when quantity_count is not null then 'count'
        end as measure,
        coalesce(quantity_kg, quantity_litres, quantity_count) as amount,
        -- 0.11660999999999999 was 0.11661 before a spreadsheet computed with it.
        cast(
            round(quantity, cast(11 - floor(log10(quantity)) as integer)) as varchar
        ) as written,
        {{ spelling_key('place') }} as place_key
    from {{ relation }}
    where
        seizure_date is not null
        and quantity > 0
        and amount is not null

)
{%- endmacro %}

{#- A number by which seizures are in order: that of day, country, month of the report,
    and place in the submission. It hangs neither on the hour of receipt nor on other submissions. -#}
{% macro number_of_a_seizure() -%}
        (
            (
                cast(seizure_date - date '0001-01-01' as hugeint) * 256 * 256 * 256
                + ascii(country_code[1]) * 256 * 256
                + ascii(country_code[2]) * 256
                + ascii(country_code[3])
            ) * 12 * 10000
            + 12 * year(reporting_month) + month(reporting_month)
        ) * 4294967296
        + row_number() over (partition by submission_id order by sheet, source_row)
{%- endmacro %}

{#- What rows of one submission have in common that repeat each other, as a hash, and how
    many of these questions are answered. -#}
{% macro answers_of_a_seizure() -%}
    hash(
        submission_id, record_id, seizure_date, drug_code, quantity, unit_code,
        subdivision_code, border_point_code, place_key, routing_code, hiding_place_code,
        installation_code, transport_mode_code, producing_country_code,
        departure_country_code, destination_country_code, agency_code, purity_pct,
        source_class_code, detection_method_code
    ) as answers_hash,
    {% for answer in [
        'record_id', 'subdivision_code', 'border_point_code', 'place_key', 'purity_pct'
    ] -%}
    if({{ answer }} is null, 0, 1) +
    {% endfor -%}
    {% for answer in [
        'routing', 'hiding_place', 'installation', 'transport_mode', 'producing_country',
        'departure_country', 'destination_country', 'agency', 'detection_method'
    ] -%}
    if(coalesce({{ answer }}_code, 'UNKNOWN') = 'UNKNOWN', 0, 1){{ ' + ' if not loop.last }}
    {%- endfor %} as answers_count
{%- endmacro %}

{#- Which repetition of each other rows are: a common table expression `repeated`, without
    the rows that none repeats. -#}
{% macro repeated_seizures(relation) -%}
repeated as (

    select
        numbered.seizure_number,
        row_number() over (
            partition by numbered.answers_hash
            order by numbered.seizure_number
        ) as repetition_number
    from {{ relation }} as numbered
    inner join (
        select answers_hash
        from {{ relation }}
        group by answers_hash
        having count(*) > 1
    ) as several
        on numbered.answers_hash = several.answers_hash

)
{%- endmacro %}

{#- What one in the last written place is worth, in the unit of the amount, and how many
    digits were written. -#}
{% macro last_digit() -%}
    numbered.amount / numbered.quantity
    * pow(10, -length(regexp_extract(numbered.written, '\.(\d*[1-9])', 1)))
        as last_digit,
    length(
        trim(replace(regexp_replace(numbered.written, '\.0$', ''), '.', ''), '0')
    ) as digits_count
{%- endmacro %}
