"""Changes: what is compared is known of both periods, and is what was published of the month."""

from expectations.gate.rules import Rule, rows_where
from expectations.marts.checks import MartChecks
from warehouse.words.catalogue import N_

# How many states have not reported; their codes stand with blanks between.
_SILENT = "coalesce(len(string_split(not_reported_country_codes, ' ')), 0)"
_VALUES = ("reported_value", "compared_value", "earlier_value")

CHANGE_UNFOUNDED = Rule(
    "change_unfounded", "error",
    N_(
        "{countries_count} states are compared, the value is {value} and the earlier one {earlier}: what nobody knows "
        "has no value, and zero no per cent. Nothing is published; the model that makes this table has to be corrected."
    ),
    "compared_value", "compared_value",
    failing=rows_where(
        " or ".join(
            f"compared_value{figure} is null and compared_countries_count = member_countries_count "
            f"or compared_value{figure} is not null and (compared_countries_count = 0 "
            f"or coalesce(compared_value{figure}, 0) = 0 and coalesce(earlier_value{figure}, 0) = 0) "
            f"or change_pct{figure} is not null "
            f"and (coalesce(earlier_value{figure}, 0) = 0 or otherwise_left_out_count > 0)"
            for figure in ("", "_without_duplicates")
        ),
        columns=["compared_countries_count as countries_count", "earlier_value as earlier"],
    ),
)  # fmt: skip

CHANGE_UNMEASURED = Rule(
    "change_unmeasured", "error",
    N_(
        "{value} {measure_code} are compared, and rpt_seizures_by_month holds a drug that is told in other units "
        "alone: what is known is a part. Nothing is published; the model that makes this table has to be corrected."
    ),
    "compared_value", "compared_value",
    failing=rows_where(
        "sent.measure_code = 'KG' and sent.period_code = 'PREVIOUS_MONTH' and sent.compared_value is not null",
        joins="""inner join (
            select distinct country_code as area_code, month_date, unnest([
                struct_pack(drug_level_name := 'drugs', drug_or_class_code := drug_code),
                struct_pack(drug_level_name := 'unodc_classes', drug_or_class_code := unodc_class_code)
            ], recursive := true)
            from marts.rpt_seizures_by_month inner join marts.dim_drugs using (drug_code)
            where seizures_count > 0 and quantity_kg is null
        ) as unmeasured using (area_code, drug_level_name, drug_or_class_code, month_date)""",
    ),
)  # fmt: skip

LEFT_OUT_UNTOLD = Rule(
    "left_out_untold", "error",
    N_(
        "{countries_count} of {members_count} states are compared, {silent_count} have not reported and {value} are "
        "left out otherwise: that does not account for each. Nothing is published; the model that makes this table has "
        "to be corrected."
    ),
    "otherwise_left_out_count", "otherwise_left_out_count",
    failing=rows_where(
        f"otherwise_left_out_count <> member_countries_count - compared_countries_count - {_SILENT}",
        columns=[
            "compared_countries_count as countries_count", "member_countries_count as members_count",
            f"{_SILENT} as silent_count",
        ],
    ),
)  # fmt: skip

CHANGED_OTHERWISE = Rule(
    "changed_otherwise", "error",
    N_(
        "{value} seizures are compared, rpt_seizures_by_month holds {seized}. Nothing is published; the model that "
        "makes this table has to be corrected."
    ),
    "reported_value", "reported_value",
    failing=rows_where(
        "sent.measure_code = 'SEIZURES' and sent.period_code = 'PREVIOUS_MONTH' "
        "and sent.drug_level_name <> 'unodc_classes' "
        "and coalesce(sent.reported_value, 0) <> coalesce(seized.seizures_count, 0)",
        joins="""left join (
            select area_code, drug_or_class_code, month_date, sum(seizures_count) as seizures_count
            from (
                select
                    unnest([country_code, 'REGION', country_code, 'REGION']) as area_code,
                    unnest([drug_code, drug_code, 'ALL_DRUGS', 'ALL_DRUGS']) as drug_or_class_code,
                    month_date, seizures_count
                from marts.rpt_seizures_by_month
            ) group by all
        ) as seized using (area_code, drug_or_class_code, month_date)""",
        columns=["coalesce(seized.seizures_count, 0) as seized"],
    ),
)  # fmt: skip

CHANGES = MartChecks(
    "rpt_changes",
    counts={"compared_countries_count": 0, "otherwise_left_out_count": 0, "member_countries_count": 1},
    measures=_VALUES,
    ordered=(
        ("compared_countries_count", "member_countries_count"), ("compared_value", "reported_value"),
        *((f"{value}_without_duplicates", value) for value in _VALUES),
    ),
    rules=(CHANGE_UNFOUNDED, CHANGE_UNMEASURED, LEFT_OUT_UNTOLD, CHANGED_OTHERWISE),
)  # fmt: skip
