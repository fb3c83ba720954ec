with parts as (

    {{ opiates_by_year_parts() }}

),

summed as (

    select
        country_code,
        calendar_year,
        cast(sum(weighed_count) as bigint) as weighed_count,
        cast(sum(presumed_duplicate_count) as bigint) as presumed_duplicate_count,
        {{ both_sums([
            'opium_kg', 'morphine_kg', 'heroin_kg', 'heroin_equivalent_kg',
            'questioned_heroin_equivalent_kg', 'lowest_heroin_equivalent_kg',
            'highest_heroin_equivalent_kg'
        ]) }}
    from parts
    group by country_code, calendar_year

)

select
    summed.*,
    round(1 / ranges.heroin_kg_per_kg, 4) as convention_opium_ratio,
    ranges.heroin_kg_per_kg in (
        ranges.lowest_heroin_kg_per_kg, ranges.highest_heroin_kg_per_kg
    ) as is_convention_at_end,
    round(1 / ranges.highest_heroin_kg_per_kg, 4) as lowest_opium_ratio,
    round(1 / ranges.lowest_heroin_kg_per_kg, 4) as highest_opium_ratio,
    ranges.source as ratio_source
from summed
left join {{ ref('opiate_equivalents') }} as ranges
    on
        ranges.drug_code = 'OPIUM'
        and make_date(summed.calendar_year, 7, 1) between ranges.valid_from
        and coalesce(ranges.valid_to, date '9999-12-31')
order by summed.country_code, summed.calendar_year
