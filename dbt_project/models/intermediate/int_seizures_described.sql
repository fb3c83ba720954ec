-- What matching compares of a seizure: its amount, with the last digit that was written;
-- the provinces and crossing points that its codes and the words of its place name.
with numbered as (

    select
        *,
        -- An order that does not hang on the hour of receipt.
        row_number() over (
            order by seizure_date, country_code, reporting_month, sheet, source_row
        ) as seizure_number,
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
    from {{ ref('fct_seizures') }}
    where seizure_date is not null and quantity > 0

),

places as (

    select
        numbered.seizure_id,
        numbered.country_code,
        unnest(list_concat(
            [numbered.place_key],
            string_split_regex(numbered.place_key, '\s*,\s*'),
            regexp_extract_all(numbered.place_key, '["«]([^"«»]+)["»]', 1)
        )) as spelling_key
    from numbered
    where numbered.place_key is not null

),

named as (

    select
        places.seizure_id,
        spellings.codelist,
        spellings.code
    from places
    inner join {{ ref('stg_spellings') }} as spellings
        on
            places.spelling_key = spellings.spelling_key
            and places.country_code = spellings.country_code
            and spellings.codelist in ('subdivisions', 'border_points')
    union all
    select
        seizure_id,
        'subdivisions' as codelist,
        subdivision_code as code
    from numbered
    union all
    select
        seizure_id,
        'border_points' as codelist,
        border_point_code as code
    from numbered

),

located as (

    select
        named.seizure_id,
        list(distinct points.border_point_code) as border_point_codes,
        list(distinct points.counterpart_border_point_code) as counterpart_codes,
        list(distinct points.neighbour_country_code) as neighbour_country_codes,
        list(distinct coalesce(points.subdivision_code, provinces.code))
            as subdivision_codes,
        list(distinct coalesce(points.country_code, provinces.country_code))
            as ground_country_codes
    from named
    left join {{ ref('dim_border_points') }} as points
        on named.codelist = 'border_points' and named.code = points.border_point_code
    left join {{ ref('subdivisions') }} as provinces
        on named.codelist = 'subdivisions' and named.code = provinces.code
    group by named.seizure_id

),

measured as (

    select
        numbered.*,
        list_filter(located.border_point_codes, code -> code is not null)
            as border_point_codes,
        list_filter(located.counterpart_codes, code -> code is not null)
            as counterpart_codes,
        list_filter(located.neighbour_country_codes, code -> code is not null)
            as neighbour_country_codes,
        list_filter(located.subdivision_codes, code -> code is not null)
            as subdivision_codes,
        list_filter(located.ground_country_codes, code -> code is not null)
            as ground_country_codes,
        -- What one in the last written place is worth, in the unit of the amount.
        numbered.amount / numbered.quantity
        * pow(10, -length(regexp_extract(numbered.written, '\.(\d*[1-9])', 1)))
            as last_digit,
        length(
            trim(replace(regexp_replace(numbered.written, '\.0$', ''), '.', ''), '0')
        ) as digits_count
    from numbered
    left join located on numbered.seizure_id = located.seizure_id
    where numbered.amount is not null

)

select
    seizure_id,
    seizure_number,
    submission_id,
    country_code,
    drug_code,
    seizure_date,
    measure,
    amount,
    last_digit,
    digits_count,
    unit_code,
    record_id,
    place_key,
    subdivision_codes,
    border_point_codes,
    counterpart_codes,
    neighbour_country_codes,
    nullif(departure_country_code, 'UNKNOWN') as departure_country_code,
    nullif(destination_country_code, 'UNKNOWN') as destination_country_code,
    -- Rows of one submission that agree in all of this repeat each other.
    hash(
        submission_id, record_id, seizure_date, drug_code, quantity, unit_code,
        subdivision_code, border_point_code, place_key, routing_code, hiding_place_code,
        installation_code, transport_mode_code, producing_country_code,
        departure_country_code, destination_country_code, agency_code, purity_pct,
        source_class_code, detection_method_code
    ) as answers_hash,
    row_number() over (
        partition by answers_hash
        order by seizure_number
    ) as repetition_number,
    -- Which of two reports of one event counts: the one from its own ground, the one with
    -- the finer number, the one that answers more, the first.
    row_number() over (
        order by
            len(ground_country_codes) > 0
            and not list_contains(ground_country_codes, country_code) asc,
            last_digit asc,
            len(list_filter([
                record_id, subdivision_code, border_point_code, place_key, routing_code,
                hiding_place_code, installation_code, transport_mode_code,
                nullif(producing_country_code, 'UNKNOWN'),
                nullif(departure_country_code, 'UNKNOWN'),
                nullif(destination_country_code, 'UNKNOWN'), agency_code,
                detection_method_code, cast(purity_pct as varchar)
            ], answer -> answer is not null)) desc,
            seizure_number asc
    ) as counting_rank
from measured
