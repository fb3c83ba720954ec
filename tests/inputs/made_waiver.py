"""A waiver of January 2024 as its file has it."""

OFFICE = "head of the analytical unit"
WAIVER = f"""
  - country_code: KAZ
    reporting_month: 2024-01
    table: seizures
    rule: date_outside_period
    field: seizure_date
    reason: The court dated both cases later.
    approved_by: {OFFICE}
    approved: 2024-02-20
    expires: 2024-05-31
"""
