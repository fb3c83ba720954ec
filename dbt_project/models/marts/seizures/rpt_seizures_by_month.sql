with covered as (

    select
        month_date,
        count(*) filter (where coverage <> 'missing') as reporting_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'
    group by month_date

),

members as (

    select count(distinct country_code) as member_countries_count
    from {{ ref('rpt_coverage_by_month') }}
    where table_name = 'seizures'

),

parts as (

    {{ seizures_by_month_parts() }}

)

select
    parts.country_code,
    parts.month_date,
    parts.drug_code,
    count(*) as seizures_count,
    count(parts.quantity) as known_quantity_count,
    100.0 * count(parts.quantity) / count(*) as known_quantity_pct,
    {{ both_sums([
        'quantity_kg', 'questioned_kg', 'quantity_litres', 'equivalent_kg'
    ], of='parts.') }},
    {% for counted in ['', '_without_duplicates'] -%}
    cast(sum(parts.questioned_count{{ counted }}) as bigint)
        as questioned_count{{ counted }},
    {% endfor -%}
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    cast(sum(parts.repeated_count) as bigint) as repeated_count,
    coalesce(any_value(covered.reporting_countries_count), 0)
        as reporting_countries_count,
    any_value(members.member_countries_count) as member_countries_count,
    cast(
        coalesce(any_value(of_drug.held_back_count), 0)
        + coalesce(any_value(of_any.held_back_count), 0) as bigint
    ) as held_back_count
from parts
cross join members
left join covered on parts.month_date = covered.month_date
{% for held, drug in {'of_drug': '= parts.drug_code', 'of_any': 'is null'}.items() -%}
left join {{ ref('int_seizures_held_back') }} as {{ held }}
    on
        parts.country_code = {{ held }}.country_code
        and parts.month_date = {{ held }}.month_date
        and {{ held }}.drug_code {{ drug }}
{% endfor -%}
group by parts.country_code, parts.month_date, parts.drug_code
order by parts.country_code, parts.month_date, parts.drug_code
