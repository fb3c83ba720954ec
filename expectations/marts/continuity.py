"""Continuity and plausibility of seizures: countries that vanish, months that jump, quantities that nobody confirms."""

from expectations.gate.rules import Rule, query
from warehouse.words.catalogue import N_, in_every_language

# Monthly weights spread over powers of ten, so the usual month is the median and a jump is a factor. A factor of ten
# finds five of 277 months in the public cases of 2011 to 2016, among them a case of 164,493 g. A few kilograms more are
# not worth a warning whatever the factor, and from a handful of months nothing usual can be inferred.
_JUMP_FACTOR = 10
_LEAST_EXCESS_KG = 10
_LEAST_MONTHS_COUNT = 6

# Allows for rounding and for what either side corrects after the other has counted: of six country-years whose public
# cases exceed the nation's total, three do by less than 0.4%, three by 1.7% to 72%.
_LEAST_EXCESS_RATIO = 1.01

COUNTRY_VANISHED = Rule(
    "country_vanished", "error",
    N_(
        "the last release has {last_count} seizures of this country up to {last_month}, this one has none. See in "
        "rpt_submissions what became of its submissions; if it is right, have it waived in waivers.yml."
    ),
    "country_code", value="country_code",
    failing=query("""
        select country_code, sum(seizures_count) as last_count, strftime(max(month_date), '%Y-%m') as last_month
        from audit.last_release_by_month
        where seizures_count > 0 and country_code not in (select country_code from {batch} where seizures_count > 0)
        group by country_code"""),
)  # fmt: skip

QUANTITY_JUMPED = Rule(
    "quantity_jumped", "warning",
    N_(
        "{quantity_kg} kg in {seizures_count} seizures are {factor} times the usual month ({usual_kg} kg). Look at "
        "the largest cases of the month: sarai trace names their rows."
    ),
    "quantity_kg", value="quantity_kg",
    failing=query(f"""
        with known as (
            select
                country_code, month_date, drug_code, quantity_kg_without_duplicates as quantity_kg,
                seizures_count - presumed_duplicate_count as seizures_count
            from {{batch}} where quantity_kg_without_duplicates > 0
        ),
        usual as (
            select country_code, drug_code, median(quantity_kg) as usual_kg
            from known group by all having count(*) >= {_LEAST_MONTHS_COUNT}
        )
        select
            country_code, month_date, drug_code, seizures_count, quantity_kg, round(usual_kg, 3) as usual_kg,
            round(quantity_kg / usual.usual_kg, 1) as factor
        from known inner join usual using (country_code, drug_code)
        where quantity_kg >= {_JUMP_FACTOR} * usual.usual_kg
            and quantity_kg - usual.usual_kg >= {_LEAST_EXCESS_KG}"""),
)  # fmt: skip

NATIONAL_TOTAL_EXCEEDED = Rule(
    "national_total_exceeded", "warning",
    N_(
        "the cases of {year} add up to {cases_kg} kg, the nation reported {seized_kg} kg for the whole year (ratio "
        "{ratio:.3f}). Ask the country which is right: a case may stand twice, or the total may be incomplete."
    ),
    "equivalent_kg_without_duplicates", value="cases_kg",
    failing=query(f"""
        select
            country_code, unodc_class_code, calendar_year, calendar_year as year,
            round(equivalent_kg_without_duplicates, 3) as cases_kg,
            round(national_total_kg, 3) as seized_kg, national_ratio_without_duplicates as ratio
        from {{batch}}
        where comparison_code = 'CASES_ABOVE' and national_ratio_without_duplicates > {_LEAST_EXCESS_RATIO}"""),
)  # fmt: skip

# Names what the macro paired_seizures leaves out, by the same key of equal amounts.
QUANTITY_VERY_FREQUENT = Rule(
    "quantity_very_frequent", "warning",
    N_(
        "{seizures_count} seizures of {drug_code} on {seizure_date} have one and the same quantity, {value}, too "
        "many to look for double reports among them. Ask the senders whether a row was copied: {submission_ids}."
    ),
    "quantity", value="amount",
    failing=query("""
        select
            described.drug_code, described.seizure_date, min(described.amount) as amount, count(*) as seizures_count,
            string_agg(distinct described.submission_id, ', ' order by described.submission_id) as submission_ids
        from {batch} inner join intermediate.int_seizures_described as described using (seizure_id)
        where described.amount_key is not null
        group by described.drug_code, described.seizure_date, described.measure, described.amount_key
        having count(*) > (select max(alike_count) from seeds.match_limits)"""),
)  # fmt: skip

# Of half of a month nobody would say that it is known.
_LEAST_SHARE = 0.5
_UNITS = {"quantity_kg": N_("kg"), "quantity_litres": N_("litres"), "quantity_count": N_("pieces")}


def _unit(measure: str) -> str:
    """Return the SQL of the unit of a measure in every language."""
    words = ", ".join(f"'{language}': '{text}'" for language, text in in_every_language(_UNITS[measure]).items())
    return f"{{{words}}}"


def _of_month(measure: str) -> str:
    """Return the query of questioned rows with their part of what their month has of a measure."""
    return f"""
        select
            questioned.country_code, questioned.drug_code, questioned.seizure_id, questioned.source_row,
            strftime(months.month_date, '%Y-%m') as month,
            concat_ws(', ', questioned.submission_id, nullif(questioned.sheet, '')) as sheet_shown,
            questioned.{measure} as amount, months.{measure} as whole, {_unit(measure)} as unit,
            100 * amount / whole as share_pct
        from questioned
        inner join months
            on questioned.country_code = months.country_code
            and questioned.reporting_month = months.month_date and questioned.drug_code = months.drug_code
            and questioned.counted_unit_code is not distinct from months.counted_unit_code
        where amount > {_LEAST_SHARE} * whole"""


MONTH_QUESTIONED = Rule(
    "month_questioned", "error",
    N_(
        "row {source_row} of {sheet_shown} alone is {share_pct:.1f}% of what {value} reported in {month} ({drug_code}: "
        "{amount} of {whole} {unit}), and its quantity is questioned: the country was asked about it and has not "
        "confirmed it. Ask it to send its return workbook back, with “confirmed” beside the finding or with the row "
        "corrected; if the figure is right and cannot wait, have it waived in waivers.yml."
    ),
    value="country_code",
    failing=query(
        """
        with questioned as (select * from {batch} where is_questioned),
        months as (
            select country_code, month_date, drug_code, null as counted_unit_code, quantity_kg, quantity_litres,
                null as quantity_count
            from marts.rpt_seizures_by_month
            union all
            select country_code, reporting_month, drug_code, counted_unit_code, null, null, sum(quantity_count)
            from {batch} where counted_unit_code is not null group by all
        )"""
        + " union all ".join(map(_of_month, _UNITS))
    ),
)  # fmt: skip
