-- Series of drugs, of classes of drugs and of all seizures without holes, for each state:
-- what was reported of a month, and why it is not known for certain. A reported month
-- without the drug is zero, unless rows are held back; a series that any state has is one
-- of all. The amount of a class is known where that of each of its drugs is.
with {{ drug_levels() }},

amounts as (

    select
        seized.country_code,
        seized.month_date,
        levels.drug_level_name,
        levels.drug_or_class_code,
        seized.measure_code,
        sum(seized.reported_value order by seized.drug_code) as reported_value,
        sum(seized.counted_value order by seized.drug_code) as counted_value,
        sum(seized.unknown_count) as unknown_count,
        sum(seized.questioned_count) as questioned_count
    from {{ ref('int_amounts_by_measure') }} as seized
    inner join levels on seized.drug_code = levels.drug_code
    where
        levels.drug_level_name <> 'change_terms' or seized.measure_code = 'SEIZURES'
    group by all

),

-- Of a row whose drug could not be read, each drug may be the one.
held as (

    select distinct
        held_back.country_code,
        held_back.month_date,
        levels.drug_level_name,
        levels.drug_or_class_code
    from {{ ref('int_seizures_held_back') }} as held_back
    inner join levels
        on coalesce(held_back.drug_code, levels.drug_code) = levels.drug_code

),

series as (

    select distinct
        drug_level_name,
        drug_or_class_code,
        measure_code
    from amounts
    where reported_value is not null

)

select
    covered.country_code,
    covered.month_date,
    series.drug_level_name,
    series.drug_or_class_code,
    series.measure_code,
    covered.coverage = 'missing' as is_not_reported,
    held.country_code is not null as is_held_back,
    series.measure_code <> 'SEIZURES'
    and coalesce(greatest(seizures.unknown_count, amounts.unknown_count), 0) > 0
        as is_amount_unknown,
    {% for value in ['reported_value', 'counted_value'] -%}
    coalesce(
        amounts.{{ value }},
        if(is_not_reported or is_held_back or is_amount_unknown, null, 0)
    ) as {{ value }},
    {% endfor -%}
    series.measure_code <> 'SEIZURES' and coalesce(seizures.questioned_count, 0) > 0
        as is_questioned
from series
inner join {{ ref('rpt_coverage_by_month') }} as covered
    on covered.table_name = 'seizures'
left join amounts
    on
        (series.drug_level_name, series.drug_or_class_code, series.measure_code)
        = (amounts.drug_level_name, amounts.drug_or_class_code, amounts.measure_code)
        and covered.country_code = amounts.country_code
        and covered.month_date = amounts.month_date
{% for other in ['seizures', 'held'] -%}
left join {{ 'amounts' if other == 'seizures' else 'held' }} as {{ other }}
    on
        (series.drug_level_name, series.drug_or_class_code)
        = ({{ other }}.drug_level_name, {{ other }}.drug_or_class_code)
        and covered.country_code = {{ other }}.country_code
        and covered.month_date = {{ other }}.month_date
        {{ "and seizures.measure_code = 'SEIZURES'" if other == 'seizures' }}
{% endfor %}
