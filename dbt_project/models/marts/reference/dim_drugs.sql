select
    drugs.code as drug_code,
    drugs.name_en as drug_name_en,
    drugs.name_ru as drug_name_ru,
    drugs.group_code as drug_group_code,
    drug_groups.name_en as drug_group_name_en,
    drug_groups.name_ru as drug_group_name_ru,
    drug_classes.unodc_class_code,
    drugs.is_precursor,
    drugs.is_plant,
    thresholds.threshold_equivalent_kg
from {{ ref('drugs') }} as drugs
left join {{ ref('drug_groups') }} as drug_groups on drugs.group_code = drug_groups.code
left join {{ ref('drug_classes') }} as drug_classes on drugs.code = drug_classes.drug_code
left join {{ ref('significance_thresholds') }} as thresholds
    on
        drugs.group_code = thresholds.drug_group_code
        and drugs.is_plant = thresholds.is_plant
order by drug_code
