with parts as (

    {{ seizures_by_weight_class_parts() }}

)

select
    parts.country_code,
    parts.calendar_year,
    parts.drug_code,
    parts.weight_class_code,
    classes.name_en as weight_class_name_en,
    classes.name_ru as weight_class_name_ru,
    classes.from_kg,
    classes.below_kg,
    cast(sum(parts.seizures_count) as bigint) as seizures_count,
    cast(sum(parts.presumed_duplicate_count) as bigint) as presumed_duplicate_count,
    {{ both_sums(['quantity_kg', 'questioned_kg'], of='parts.') }}
from parts
inner join {{ ref('weight_classes') }} as classes
    on parts.weight_class_code = classes.code
group by all
order by parts.country_code, parts.calendar_year, parts.drug_code, classes.from_kg
