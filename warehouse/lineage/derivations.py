"""Derivations: figures of marts whose keys or measures no fact table has, as parts, each of one row of facts.

A derivation is a query on a release that returns a row for each part: ``part_id``, unique with the key of the mart; the
row of ``facts`` it follows from (``row_id``, ``submission_id``); ``other_row_id``, a row of ``other_facts`` that it
depends on too; and columns named as keys and measures of the mart. That its sums are the published figures is counted
over both releases before anything is told with it.
"""

from collections.abc import Collection
from dataclasses import dataclass

_NONE = "null::varchar as other_row_id"
_SEIZURE = f"seizure_id as part_id, seizure_id as row_id, submission_id, {_NONE}"
_ROW = f"row_id as part_id, row_id, submission_id, {_NONE}"
_YEAR = "country_code, year(reporting_month) as calendar_year, drug_code"


@dataclass(frozen=True)
class Derivation:
    """How parts of a mart follow from rows of facts; ``uses`` are the columns that they depend on, empty for many.

    Where parts change and none of these has, another rule is the cause.
    """

    facts: str
    sql: str
    uses: frozenset[str] = frozenset()
    other_facts: str = "fct_seizures"

    def depends_on(self, columns: Collection[str]) -> bool:
        """Tell whether these columns, or a row that is new or gone and has none, can have changed the parts."""
        return not self.uses or not columns or not self.uses.isdisjoint(columns)


def _contexts() -> str:
    dimensions = {
        "hiding_places": "hiding_place_code", "installations": "installation_code", "routings": "routing_code",
        "transport_modes": "transport_mode_code",
    }  # fmt: skip
    return " union all ".join(
        f"select {_SEIZURE}, {_YEAR}, '{name}' as dimension_name, "
        f"coalesce({column}, 'NOT_ANSWERED') as dimension_code, "
        "1 as seizures_count, quantity_kg from {release}.fct_seizures"
        for name, column in dimensions.items()
    )


def _persons() -> str:
    citizenship = "coalesce(citizenship_code, 'UNKNOWN')"
    conditions = {
        "women": "sex_code = 'F'", "men": "sex_code = 'M'", "sex_unknown": "coalesce(sex_code, 'UNKNOWN') = 'UNKNOWN'",
        "juveniles": "age_group_code = 'JUVENILE'", "adults": "age_group_code = 'ADULT'",
        "age_unknown": "coalesce(age_group_code, 'UNKNOWN') = 'UNKNOWN'",
        "nationals": f"{citizenship} = country_code", "citizenship_unknown": f"{citizenship} = 'UNKNOWN'",
        "foreigners": f"{citizenship} not in (country_code, 'UNKNOWN')",
    }  # fmt: skip
    counts = ", ".join(f"if({condition}, persons_count, 0) as {name}_count" for name, condition in conditions.items())
    return (
        f"select {_ROW}, country_code, month_date, coalesce(offence_code, 'NOT_ANSWERED') as offence_code, "
        f"coalesce(contact_stage_code, 'SUSPECTED') as contact_stage_code, persons_count, {counts} "
        "from {release}.fct_persons"
    )


def _told_once() -> str:
    measures = ", ".join(
        f"{name} * (other_row_id is null)::integer as {name}_without_duplicates"
        for name in ("quantity_kg", "quantity_litres", "quantity_count", "equivalent_kg")
    )
    return f"""
        with presumed as (
            select duplicate_seizure_id as seizure_id,
                min(if(duplicate_seizure_id = seizure_id_a, seizure_id_b, seizure_id_a)) as other_row_id
            from {{release}}.fct_seizure_matches where is_presumed_duplicate group by all
        )
        select seizure_id as part_id, seizure_id as row_id, submission_id, other_row_id, country_code,
            reporting_month as month_date, drug_code, (other_row_id is not null)::integer as presumed_duplicate_count,
            {measures}
        from {{release}}.fct_seizures left join presumed using (seizure_id)"""


_PAIR = (
    "least(country_code, counterpart_country_code) as country_code_a, "
    "greatest(country_code, counterpart_country_code) as country_code_b"
)


def _activities_by_side() -> str:
    figures = ("seizures_count", "detained_count", "participants_female_count", "participants_male_count")
    sides = ", ".join(
        f"if(country_code {sign} counterpart_country_code, {amount}, null) as {name}_{side}"
        for side, sign in (("a", "<"), ("b", ">"))
        for name, amount in [("activities_count", "1"), *((name, name) for name in figures)]
    )
    return (
        f"select {_ROW}, {_PAIR}, reporting_month as month_date, activity_type_code, {sides} "
        "from {release}.fct_activities"
    )


def _exchanges_by_side() -> str:
    figures = {
        "requests_count": ("requests_sent_count", "requests_received_count"),
        "replies_count": ("replies_got_count", "replies_given_count"),
        "tipoffs_count": ("tipoffs_sent_count", "tipoffs_received_count"),
        "seizures_count": ("sender_seizures_count", "receiver_seizures_count"),
    }
    sides = ", ".join(
        f"if(exchange_direction_code = '{direction}', {figure}, null) as {name}"
        for figure, names in figures.items()
        for direction, name in zip(("SENT", "RECEIVED"), names, strict=True)
    )
    partners = ("country_code", "counterpart_country_code")
    return (
        f"select {_ROW}, month_date, "
        f"if(exchange_direction_code = 'SENT', {', '.join(partners)}) as sender_country_code, "
        f"if(exchange_direction_code = 'SENT', {', '.join(partners[::-1])}) as receiver_country_code, "
        f"coalesce(exchange_channel_code, 'NOT_ANSWERED') as exchange_channel_code, {sides} "
        "from {release}.fct_exchanges"
    )


def _traffic_by_side() -> str:
    figures = ", ".join(
        f"if(crossing_direction_code = '{direction}', {name}_count, null) as {name}_{told}_count"
        for name in ("travellers", "vehicles", "wagons")
        for direction, told in (("EXIT", "exited"), ("ENTRY", "entered"))
    )
    points = ("border_point_code", "counterpart_border_point_code")
    return (
        f"select {_ROW}, month_date, "
        f"if(crossing_direction_code = 'EXIT', {', '.join(points)}) as exit_border_point_code, "
        f"if(crossing_direction_code = 'EXIT', {', '.join(points[::-1])}) as entry_border_point_code, {figures} "
        "from {release}.fct_throughput "
        "inner join (select border_point_code, counterpart_border_point_code from {release}.dim_border_points) "
        "using (border_point_code)"
    )


DERIVATIONS: dict[str, Derivation] = {
    "rpt_seizures_by_context": Derivation("fct_seizures", _contexts()),
    "rpt_seizures_by_weight_class": Derivation(
        "fct_seizures",
        "with classes as (select distinct weight_class_code, from_kg, below_kg "
        "from {release}.rpt_seizures_by_weight_class) "
        f"select {_SEIZURE}, {_YEAR}, weight_class_code, 1 as seizures_count, quantity_kg "
        "from {release}.fct_seizures inner join classes "
        "on quantity_kg >= from_kg and quantity_kg < coalesce(below_kg, 'infinity')",
        frozenset({"country_code", "reporting_month", "drug_code", "quantity_kg"}),
    ),
    "rpt_seizure_sizes": Derivation(
        "fct_seizures",
        f"select {_SEIZURE}, {_YEAR}, (quantity_kg is not null)::integer as weighed_count "
        "from {release}.fct_seizures",
    ),
    "rpt_purity_by_year": Derivation(
        "fct_seizures",
        f"select {_SEIZURE}, {_YEAR}, (purity_pct is not null)::integer as measured_count, "
        "(pure_kg is not null)::integer as measured_weighed_count, "
        "if(pure_kg is null, null, quantity_kg) as measured_kg from {release}.fct_seizures",
    ),
    "rpt_opiates_by_year": Derivation(
        "fct_seizures",
        f"select {_SEIZURE}, country_code, year(reporting_month) as calendar_year, "
        "(heroin_equivalent_kg is not null)::integer as weighed_count, "
        "if(drug_code = 'OPIUM', quantity_kg, null) as opium_kg, "
        "if(drug_code = 'MORPHINE', quantity_kg, null) as morphine_kg, "
        "if(drug_code = 'HEROIN', quantity_kg, null) as heroin_kg from {release}.fct_seizures",
    ),
    "rpt_seizures_by_month": Derivation("fct_seizures", _told_once()),
    "rpt_prices_by_month": Derivation(
        "fct_prices",
        f"select {_ROW}, country_code, month_date, drug_code, market_level_code, priced_unit_code, "
        "is_withheld::integer as withheld_count, "
        "(not is_withheld and units_per_usd is null)::integer as unconverted_count, "
        "if(is_withheld, null, observations_count) as shown_observations_count from {release}.fct_prices "
        "where drug_code is not null",
    ),
    "rpt_persons_by_month": Derivation("fct_persons", _persons()),
    "rpt_activities_by_month": Derivation(
        "fct_activities",
        """select activities.row_id || ' ' || seizure_id as part_id, activities.row_id, activities.submission_id,
                seizure_id as other_row_id, activities.country_code, activities.reporting_month as month_date,
                activities.border_point_code, coalesce(activity_type_code, 'NOT_ANSWERED') as activity_type_code,
                coalesce(counterpart_country_code, 'NOT_ANSWERED') as counterpart_country_code,
                1 as seizures_within_7_days_count
            from {release}.fct_activities as activities inner join {release}.fct_seizures as seizures
                on activities.country_code = seizures.country_code
                and activities.border_point_code = seizures.border_point_code
                and seizure_date between activity_date
                and coalesce(activity_end_date, activity_date) + interval 7 day""",
    ),
    "rpt_mirror_activities": Derivation("fct_activities", _activities_by_side()),
    "rpt_mirror_exchanges": Derivation("fct_exchanges", _exchanges_by_side()),
    "rpt_mirror_throughput": Derivation("fct_throughput", _traffic_by_side()),
}
