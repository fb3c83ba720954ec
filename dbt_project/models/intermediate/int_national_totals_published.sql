-- Parts add up to the total of a class; a row that UNODC calls the total includes them.
with editions as (

    select
        totals.country_code,
        totals.year as calendar_year,
        classes.unodc_class_code,
        totals.edition_code,
        editions.edition_number,
        coalesce(
            sum(if(totals.is_total, totals.seized_kg, null)),
            sum(totals.seized_kg order by totals.drug_code, totals.row_number)
        ) as seized_kg,
        coalesce(
            sum(if(totals.is_total, totals.rounded_to_kg, null)),
            sum(totals.rounded_to_kg)
        ) / 2 as uncertain_kg
    from {{ ref('national_totals') }} as totals
    inner join {{ ref('drug_classes') }} as classes
        on totals.drug_code = classes.drug_code
    inner join {{ ref('national_total_editions') }} as editions
        on totals.edition_code = editions.code
    group by all

)

-- The newest edition counts; what it revised stands beside it.
select
    country_code,
    calendar_year,
    unodc_class_code,
    seized_kg as national_total_kg,
    uncertain_kg,
    edition_code,
    lead(seized_kg) over newest_first as earlier_total_kg,
    lead(edition_code) over newest_first as earlier_edition_code
from editions
window
    newest_first as (
        partition by country_code, calendar_year, unodc_class_code
        order by edition_number desc
    )
qualify row_number() over newest_first = 1
