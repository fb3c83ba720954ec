"""The layers of the GIS kit, as layers.yml defines them, made as tables of the opened release."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import read_definition
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words
from warehouse.storage.sql import identifier
from warehouse.words.catalogue import N_, Phrase, filled_words

GEOMETRY = "geom"
_UNLOCATED = N_("{title}, place not known")
# What the United Nations print on their maps.
DISCLAIMER = Phrase(
    "The boundaries and names shown and the designations used on this map do not imply official endorsement or "
    "acceptance by the United Nations."
)


class _Defined(BaseModel):
    """A layer: what it is called, what to know of it, its geometry (none: a table), mart, key, and query."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: Words
    note: Words
    geometry: str = ""
    needs: str
    key: tuple[str, ...]
    newest: str = ""
    rows: str


@dataclass(frozen=True)
class Layer:
    """A layer as made for an audience: the table of its name has its rows, in their order, and ``columns`` of them.

    ``geometry`` is its type, and empty for a table. ``newest`` is the column of days by which the newest rows are
    chosen where a file has not all.
    """

    name: str
    title: Words
    note: Words
    geometry: str
    columns: tuple[str, ...]
    newest: str

    @property
    def table(self) -> str:
        """The table of the opened release that holds its rows."""
        return identifier(f"gis_{self.name}")


@cache
def defined_layers() -> Sequence[_Defined]:
    """Return the definition."""
    return read_definition(Path(__file__).with_name("layers.yml"), list[_Defined])


def create_layers(source: Source) -> list[Layer]:
    """Create a table for each layer that the audience may see; needs the tables of places and of figures.

    A layer without any row is left out.
    """
    seen = [defined for defined in defined_layers() if defined.needs in source.marts]
    return [layer for defined in seen for layer in _create(source, defined)]


def _create(source: Source, defined: _Defined) -> Iterator[Layer]:
    """Make the table of a layer, and of what it holds without a place another; yield those that have rows."""
    rows = identifier(f"gis_{defined.name}_rows")
    order = ", ".join(map(identifier, defined.key))
    source.execute(f"create or replace temp table {rows} as {defined.rows} order by {order}")
    if not defined.geometry:
        parts = {defined.name: (defined.title, "", "*", "true")}
    else:
        missing = filled_words(_UNLOCATED, title=defined.title.model_dump())
        parts = {
            defined.name: (defined.title, defined.geometry, "*", f"{GEOMETRY} is not null"),
            f"{defined.name}_unlocated": (missing, "", f"* exclude ({GEOMETRY})", f"{GEOMETRY} is null"),
        }
    for name, (title, geometry, shown, condition) in parts.items():
        layer = Layer(name, title, defined.note, geometry, (), defined.newest)
        source.execute(f"create or replace temp table {layer.table} as select {shown} from {rows} where {condition}")
        made = source.execute(f"from {layer.table} limit 1")
        columns = tuple(column[0] for column in made.description if column[0] != GEOMETRY)
        if made.fetchone():
            yield replace(layer, columns=columns)
    source.execute(f"drop table {rows}")
