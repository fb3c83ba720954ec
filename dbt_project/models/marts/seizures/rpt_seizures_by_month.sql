{%- set measures = [
    'quantity_kg', 'questioned_kg', 'quantity_litres', 'equivalent_kg'
] -%}
{%- set counts = [
    'seizures_count', 'known_quantity_count', 'questioned_count',
    'questioned_count_without_duplicates', 'presumed_duplicate_count', 'repeated_count'
] -%}
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

{{ held_back_by(['country_code', 'month_date']) }},

parts as (

    {{ seizures_by_month_parts() }}

),

cases as (

    select
        country_code,
        month_date,
        drug_code,
        count(*) as seizures_count,
        count(quantity) as known_quantity_count,
        {% for name in counts[2:] -%}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor -%}
        {{ both_sums(measures) }}
    from parts
    group by country_code, month_date, drug_code

)

select
    {{ counted_cases(counts, measures) }},
    coalesce(cases.country_code, held.country_code) as country_code,
    coalesce(cases.month_date, held.month_date) as month_date,
    coalesce(cases.drug_code, held.drug_code) as drug_code,
    100.0 * cases.known_quantity_count / cases.seizures_count as known_quantity_pct,
    coalesce(covered.reporting_countries_count, 0) as reporting_countries_count,
    members.member_countries_count,
    {{ held_back_count() }}
from cases
full join held
    on
        cases.country_code = held.country_code
        and cases.month_date = held.month_date
        and cases.drug_code = held.drug_code
left join unread
    on
        coalesce(cases.country_code, held.country_code) = unread.country_code
        and coalesce(cases.month_date, held.month_date) = unread.month_date
left join covered on coalesce(cases.month_date, held.month_date) = covered.month_date
cross join members
order by country_code, month_date, drug_code
