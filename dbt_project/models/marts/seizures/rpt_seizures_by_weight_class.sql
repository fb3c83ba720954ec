select
    seizures.country_code,
    cast(year(seizures.reporting_month) as integer) as calendar_year,
    seizures.drug_code,
    classes.code as weight_class_code,
    classes.name_en as weight_class_name_en,
    classes.name_ru as weight_class_name_ru,
    classes.from_kg,
    classes.below_kg,
    count(*) as seizures_count,
    sum(seizures.quantity_kg order by seizures.seizure_id) as quantity_kg
from {{ ref('fct_seizures') }} as seizures
inner join {{ ref('weight_classes') }} as classes
    on
        seizures.quantity_kg >= classes.from_kg
        and seizures.quantity_kg < coalesce(classes.below_kg, 'infinity')
group by all
order by seizures.country_code, calendar_year, seizures.drug_code, classes.from_kg
