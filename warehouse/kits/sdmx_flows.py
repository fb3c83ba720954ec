"""The dataflows of the SDMX kit, with their concepts and codelists, as sdmx_flows.yml defines them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.definition_file import Names, read_definition
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words


class _Defined(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words


class Concept(_Defined):
    """A concept, and the codelist that its values come from."""

    codelist: str = ""


class Codelist(_Defined):
    """A codelist: its codes, or the query that gives them."""

    query: str = ""
    codes: Mapping[str, Words] = {}

    def read(self, source: Source) -> dict[str, Words]:
        """Return code → name, in order."""
        if self.codes:
            return dict(self.codes)
        found = source.execute(f"select * from ({self.query}) order by all").fetchall()
        return {code: Words(en=en, ru=ru) for code, en, ru in found}


class Dataflow(_Defined):
    """A dataflow: its dimensions but time, the mart that it needs, and the query of its observations."""

    dimensions: Names
    needs: str
    rows: str


class Flows(BaseModel):
    """All that sdmx_flows.yml defines, by identifier."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    concepts: Mapping[str, Concept]
    codelists: Mapping[str, Codelist]
    flows: Mapping[str, Dataflow]


@cache
def defined_flows() -> Flows:
    """Return the definition."""
    return read_definition(Path(__file__).with_name("sdmx_flows.yml"), Flows)
