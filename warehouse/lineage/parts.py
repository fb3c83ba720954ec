"""Parts: what each row of facts adds to the figures of a mart whose keys or measures no fact table has.

The SQL is that which the mart itself sums: dbt_project/macros/parts has a macro ``<mart without rpt_>_parts`` for each
such mart. Here it is rendered for the tables of a release, so that whoever changes a formula changes both.

A part has ``row_id``, the row of facts that it follows from; its ``submission_id``; ``part_id`` where a row has several
parts for one figure; ``other_row_id``, a row of seizures that it depends on too; and columns named as keys and measures
of the mart. Other columns are for the mart alone. That the sums of the parts are the published figures is counted over
both releases before any change is attributed to them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.storage.sql import identifier

if TYPE_CHECKING:
    from jinja2 import Template

PART_COLUMNS = frozenset({"part_id", "row_id", "submission_id", "other_row_id"})


@dataclass(frozen=True)
class Parts:
    """The facts whose rows ``row_id`` names, and the columns of them that the parts depend on, empty for many.

    Where parts change and none of these has, another rule is the cause.
    """

    facts: str
    uses: frozenset[str] = frozenset()

    def depend_on(self, columns: Collection[str]) -> bool:
        """Return whether these columns, or a row that is new or gone and has none, can have changed the parts."""
        return not self.uses or not columns or not self.uses.isdisjoint(columns)


PARTS = {
    "rpt_seizures_by_month": Parts("fct_seizures"),
    "rpt_seizures_by_year": Parts("fct_seizures"),
    "rpt_seizures_by_counted_unit": Parts("fct_seizures"),
    "rpt_seizures_by_border_point": Parts("fct_seizures"),
    "rpt_seizures_by_province": Parts("fct_seizures"),
    "rpt_region_by_year": Parts("fct_seizures"),
    "rpt_precursors_by_month": Parts("fct_seizures"),
    "rpt_routes": Parts("fct_seizures"),
    "rpt_national_totals": Parts("fct_seizures"),
    "rpt_precursors_by_table": Parts("fct_seizures"),
    "rpt_seizures_by_context": Parts("fct_seizures"),
    "rpt_seizures_by_weight_class": Parts(
        "fct_seizures",
        frozenset({"country_code", "reporting_month", "drug_code", "quantity_kg", "is_presumed_duplicate"}),
    ),
    "rpt_seizure_sizes": Parts("fct_seizures"),
    "rpt_opiates_by_year": Parts("fct_seizures"),
    "rpt_purity_by_year": Parts("fct_seizures"),
    "rpt_prices_by_month": Parts("fct_prices"),
    "rpt_persons_by_month": Parts("fct_persons"),
    "rpt_persons_by_year": Parts("fct_persons"),
    "rpt_persons_by_citizenship": Parts("fct_persons"),
    "rpt_activities_by_month": Parts("fct_activities"),
    "rpt_offices_by_month": Parts("fct_seizures"),
    "rpt_mirror_activities": Parts("fct_activities"),
    "rpt_mirror_exchanges": Parts("fct_exchanges"),
    "rpt_mirror_throughput": Parts("fct_throughput"),
}
OTHER_FACTS = "fct_seizures"  # whose rows ``other_row_id`` names

# Seeds that macros of parts read and releases do not hold, as the marts of a release show them.
_SEEDS = {
    "weight_classes": "(select distinct weight_class_code as code, from_kg, below_kg "
    "from {release}.rpt_seizures_by_weight_class)",
}


def parts_macro(mart: str) -> str:
    """Return the name of the dbt macro that returns the parts of a mart."""
    return f"{mart.removeprefix('rpt_')}_parts"


def parts_query(dbt_project: Path, mart: str, release: str) -> str:
    """Return the query of the parts of a mart in ``PARTS`` on the release that is attached under a name.

    Raises jinja2.UndefinedError where the project has no such macro, or where it calls one of another folder.
    """
    from jinja2 import UndefinedError

    schema = identifier(release)

    def ref(name: str) -> str:
        return _SEEDS.get(name, "{release}." + identifier(name)).format(release=schema)

    files = sorted((dbt_project / "macros" / "parts").glob("*.sql"))
    macros = _compiled("\n".join(path.read_text(encoding="utf-8") for path in files)).make_module({"ref": ref})
    macro = getattr(macros, parts_macro(mart), None)
    if macro is None:
        message = f"{dbt_project} has no macro {parts_macro(mart)}"
        raise UndefinedError(message)
    return str(macro()).strip()


@lru_cache(maxsize=1)
def _compiled(macros: str) -> "Template":
    """Compile macros once, as it takes longer than to compare the parts of most marts."""
    from jinja2 import Environment, StrictUndefined

    return Environment(undefined=StrictUndefined, autoescape=False).from_string(macros)  # noqa: S701 - it renders SQL
