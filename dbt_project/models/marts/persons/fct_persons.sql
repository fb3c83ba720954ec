{{ accepted_rows('persons', [
    'border_point', 'offence', 'contact_stage', 'sex', 'age_group', 'citizenship',
    'main_drug'
]) }}

select
    accepted.row_id,
    accepted.country_code,
    accepted.border_point_code,
    accepted.offence_code,
    accepted.contact_stage_code,
    accepted.sex_code,
    accepted.age_group_code,
    accepted.citizenship_code,
    accepted.main_drug_code as drug_code,
    cast(accepted.persons_count as bigint) as persons_count,
    coalesce(accepted.month, accepted.reporting_month) as month_date,
    {{ row_origin() }}
from accepted
order by accepted.row_id
