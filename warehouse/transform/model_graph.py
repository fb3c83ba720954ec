"""What the dbt project says of its models: what each is made of, what is made of it, and its unit tests as examples."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from warehouse.storage.settings import Settings
from warehouse.transform.dbt_build import parse_project
from warehouse.transform.parsed_project import keep_file, parsed_file

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

Row = Mapping[str, Any]
_SHOWN = {"model", "seed"}


@dataclass(frozen=True)
class Example:
    """A unit test of dbt: the rows of each input that are given, and the rows that the model makes of them."""

    name: str
    given: Mapping[str, Sequence[Row]]
    expected: Sequence[Row]

    @property
    def cells_count(self) -> int:
        """How many cells there are to read."""
        return sum(len(row) for rows in (*self.given.values(), self.expected) for row in rows)


@dataclass(frozen=True)
class Model:
    """A model or seed: the names of those that it reads, of those that read it, and its examples, shortest first."""

    name: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    examples: tuple[Example, ...]


@lru_cache(maxsize=1)
def read_model_graph(settings: Settings, version: str) -> Mapping[str, Model]:
    """Return name → model or seed of the dbt project, from dbt's own manifest; raises ModelError.

    It is read once for all readers of a dictionary, and kept for later processes: dbt takes seconds to be imported.
    """
    models, name = TypeAdapter(Mapping[str, Model]), f"{version}.json"
    try:
        return models.validate_json(parsed_file(settings, name).read_bytes())
    except (OSError, ValidationError):  # not kept yet, or damaged
        made = models.dump_json(_model_graph(settings))
        keep_file(settings, name, made)
        return models.validate_json(made)


def _model_graph(settings: Settings) -> Mapping[str, Model]:
    manifest = parse_project(settings)
    nodes = {key: node for key, node in manifest.nodes.items() if node.resource_type in _SHOWN}
    reads = {node.name: _names(manifest, node.depends_on_nodes) for node in nodes.values()}
    read_by: dict[str, list[str]] = {}
    for name, parents in reads.items():
        for parent in parents:
            read_by.setdefault(parent, []).append(name)
    examples: dict[str, list[Example]] = {}
    for model, example in _examples(manifest):
        examples.setdefault(model, []).append(example)
    return {
        name: Model(
            name,
            tuple(sorted(parents)),
            tuple(sorted(read_by.get(name, ()))),
            tuple(sorted(examples.get(name, ()), key=lambda one: (one.cells_count, one.name))),
        )
        for name, parents in reads.items()
    }


def _names(manifest: "Manifest", keys: Sequence[str]) -> set[str]:
    return {(manifest.nodes.get(key) or manifest.sources[key]).name for key in keys if key.partition(".")[0] != "macro"}


def _examples(manifest: "Manifest") -> Iterator[tuple[str, Example]]:
    """Yield model and example of each unit test whose rows are written out."""
    for test in manifest.unit_tests.values():
        given = {_input_name(one.input): one.rows for one in test.given}
        expected = test.expect.rows
        if isinstance(expected, list) and all(isinstance(rows, list) for rows in given.values()):
            yield test.model, Example(test.name, {name: _rows(rows) for name, rows in given.items()}, _rows(expected))


def _rows(rows: object) -> list[Row]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _input_name(reference: str) -> str:
    """Return the name in ``ref('fct_seizures')`` or ``source('raw', 'seizures')``; ``this`` stands for the model."""
    quoted = re.findall(r"'(\w+)'", reference)
    return quoted[-1] if quoted else reference
