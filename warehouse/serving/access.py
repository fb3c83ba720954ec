"""Who may see what of a served release: access.yml, which denies what it does not name."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from warehouse.releases.marts import Mart
from warehouse.serving.errors import ServingError
from warehouse.storage.sql import identifier, literal


class SmallCells(BaseModel):
    """Rows of so few cases that only the centre sees them, and the country that reported them.

    ``count`` is the column of reports that a row counts, and ``less`` that of those among them which tell again of a
    case that another report tells. A row that counts no report tells of no case, and is shown.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: str
    less: str
    below: int

    @property
    def shown_rows(self) -> str:
        """The condition, in SQL, of the rows that everybody sees."""
        count, less = (f"coalesce({identifier(column)}, 0)" for column in (self.count, self.less))
        return f"{count} = 0 or {count} - {less} >= {self.below}"


class MartAccess(BaseModel):
    """Who sees which columns of a mart: members all rows (``shared``) or their own (``own``), and ``centre`` the rest.

    ``countries`` are the columns that name whose row it is. ``sides`` names for each of them the columns that identify
    that country's record: of a row of two countries, both see the other columns, and of these their own side's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    shared: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    centre: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    small_cells: SmallCells | None = None
    sides: Mapping[str, tuple[str, ...]] = {}

    @model_validator(mode="after")
    def _has_one_rule_of_rows(self) -> Self:
        if self.shared and self.own:
            raise ValueError("a mart shows members all rows or their own: name its columns under shared or under own")
        if self.own and not self.countries:
            raise ValueError("countries must name the columns that say whose row it is")
        if self.small_cells and not self.shared:
            raise ValueError("small_cells is a rule for shared rows; own rows are seen by their country alone")
        if self.sides and (set(self.sides) != set(self.countries) or not self.own):
            raise ValueError("sides needs columns under own, and an entry for each of countries")
        return self

    @property
    def member_columns(self) -> tuple[str, ...]:
        """Columns that members read, in all rows or in those that are theirs."""
        return self.shared or self.own

    @property
    def shared_rows(self) -> str | None:
        """The condition, in SQL, of the rows that every member sees; None where each row is its country's own."""
        if self.own:
            return None
        return self.small_cells.shown_rows if self.small_cells else "true"

    def own_rows(self, country: str) -> str | None:
        """Return the condition, in SQL, of a country's own rows; None where no column says whose they are."""
        return " or ".join(f"{identifier(name)} = {literal(country)}" for name in self.countries) or None

    @property
    def side_of(self) -> dict[str, str]:
        """Column of one side of a row of two countries → the column that names the country whose side it is."""
        return {column: country for country, columns in self.sides.items() for column in columns}

    @property
    def audiences(self) -> dict[str, str]:
        """Column → who sees it: shared, own, centre, or ``own side`` of a row of two countries."""
        names = {"shared": self.shared, "own": self.own, "centre": self.centre}
        sides = dict.fromkeys(self.side_of, "own side")
        return {column: audience for audience, columns in names.items() for column in columns} | sides


@dataclass(frozen=True)
class Access:
    """A policy: what access.yml says of each mart."""

    marts: Mapping[str, MartAccess]

    @classmethod
    def from_text(cls, text: str) -> "Access":
        """Read a policy from YAML or JSON; raises ValueError."""
        return cls(TypeAdapter(dict[str, MartAccess]).validate_python(yaml.safe_load(text)))

    @property
    def text(self) -> str:
        """The policy in canonical JSON, the same for the same rules however the file is written."""
        content = {name: one.model_dump(mode="json", exclude_defaults=True) for name, one in self.marts.items()}
        return json.dumps(content, sort_keys=True)

    @property
    def version(self) -> str:
        """What a served release says it was served under: 12 hexadecimal digits of the policy's sha256."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def of(self, mart: Mart) -> MartAccess:
        """Return what is allowed of a mart as this release holds it: nothing if access.yml does not name it.

        Raises ServingError where columns that a rule of rows needs are not there.
        """
        rule = self.marts.get(mart.name, MartAccess())
        there = {column.name for column in mart.columns}
        cells = rule.small_cells
        needed = {*rule.countries, *([cells.count, cells.less] if cells else []), *rule.sides}
        if missing := sorted(needed - there):
            raise ServingError(
                f"access.yml decides by {mart.name}.{missing[0]} who sees which rows, and this release has no such "
                "column. Serve a release of this version, or mend access.yml."
            )
        kept = {key: _those(getattr(rule, key), there) for key in ("shared", "own", "centre")}
        sides = {key: _those(columns, there) for key, columns in rule.sides.items()}
        return rule.model_copy(update=kept | {"sides": sides})

    def unnamed(self, marts: Iterable[Mart]) -> Iterator[str]:
        """Yield ``mart`` or ``mart.column`` of what the policy does not name, and so nobody sees."""
        for mart in marts:
            rule = self.marts.get(mart.name)
            if rule is None:
                yield mart.name
            else:
                yield from (f"{mart.name}.{one.name}" for one in mart.columns if one.name not in rule.audiences)


def _those(columns: Iterable[str], there: set[str]) -> tuple[str, ...]:
    return tuple(column for column in columns if column in there)


@cache
def members_access() -> Access:
    """Return the policy of access.yml."""
    return Access.from_text(Path(__file__).with_name("access.yml").read_text(encoding="utf-8"))


def public_access(marts: Iterable[Mart]) -> Access:
    """Return the policy of a public edition: whoever reads it sees all of it."""
    return Access({mart.name: MartAccess(shared=tuple(column.name for column in mart.columns)) for mart in marts})


def compare(before: Access, after: Access) -> list[str]:
    """Return in lines what one policy allows otherwise than another: columns, and rules of rows."""
    old, new = _rules(before), _rules(after)
    lines = [f"- {key}: {old[key]}" for key in old.keys() - new.keys()]
    lines += [f"+ {key}: {new[key]}" for key in new.keys() - old.keys()]
    lines += [f"~ {key}: {old[key]} → {new[key]}" for key in old.keys() & new.keys() if old[key] != new[key]]
    return sorted(lines, key=lambda line: line[2:])


def _rules(access: Access) -> dict[str, str]:
    rules: dict[str, str] = {}
    for name, one in access.marts.items():
        rules |= {f"{name}.{column}": audience for column, audience in one.audiences.items()}
        rules |= {f"{name}.{column}": f"side of {side}" for side, columns in one.sides.items() for column in columns}
        if one.countries:
            rules[f"{name} belongs to"] = ", ".join(one.countries)
        if cells := one.small_cells:
            rules[f"{name} hides"] = f"{cells.count} less {cells.less} below {cells.below}"
    return rules
