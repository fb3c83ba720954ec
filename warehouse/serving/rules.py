"""A policy as PostgreSQL keeps it: grants on columns, row security with constant policies, and views of readers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from warehouse.releases.marts import Mart
from warehouse.serving.access import Access, MartAccess
from warehouse.serving.layout import Circle, country_group
from warehouse.serving.tables import comments, table, without_statistics
from warehouse.storage.sql import identifier, literal

# Of a mart with sides: its rows once for each country that may read them, without the other side's identifiers.
BY_SIDE = "_by_side"
_READER_COUNTRY = "reader_country_code"


@dataclass(frozen=True)
class Policy:
    """Who may see what, and which groups of readers there are."""

    access: Access
    circle: Circle


def withdraw(
    marts: Iterable[Mart], schema: str, grantees: Sequence[str], policies: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """Yield the statements that take away what an earlier policy allowed, or somebody by hand.

    ``grantees`` are whoever was granted something there, quoted; ``policies`` those in place, by table.
    """
    if grantees:
        listed = ", ".join(grantees)
        yield f"revoke all on all tables in schema {identifier(schema)} from {listed}"
        yield f"revoke all on schema {identifier(schema)} from {listed}"
    for mart in marts:
        yield f"drop table if exists {table(schema, mart.name + BY_SIDE)} cascade"
        yield f"alter table {table(schema, mart.name)} disable row level security"
    for name, policy in policies:
        if not name.endswith(BY_SIDE):
            yield f"drop policy {identifier(policy)} on {table(schema, name)}"


def allow(marts: Sequence[Mart], schema: str, policy: Policy) -> Iterator[str]:
    """Yield the statements that let readers see of the tables what the policy allows, and nothing else."""
    circle = policy.circle
    yield f"grant usage on schema {identifier(schema)} to {circle.reader}"
    for mart in marts:
        rule = policy.access.of(mart)
        yield from _allow_centre(mart, schema, rule, circle)
        if rule.sides:
            yield from _allow_sides(mart, schema, rule, circle)
        elif rule.member_columns:
            yield from _secure_rows(mart.name, schema, _visible(rule, circle), circle)
            yield _grant(mart.name, schema, rule.member_columns, circle.reader)


def _allow_centre(mart: Mart, schema: str, rule: MartAccess, circle: Circle) -> Iterator[str]:
    if circle.centre and (columns := _in_order(mart, rule.audiences)):
        yield _grant(mart.name, schema, columns, circle.centre)
        if (rule.own and not rule.sides) or rule.small_cells:
            yield from _policy(mart.name, schema, circle.centre, "true")


def _visible(rule: MartAccess, circle: Circle) -> dict[str, str]:
    """Return group → condition of the rows it sees; empty when all readers see all rows."""
    if not (rule.own or rule.small_cells):
        return {}
    shown = {country_group(country): own for country in circle.countries if (own := rule.own_rows(country))}
    if rule.shared_rows:
        shown[circle.reader] = rule.shared_rows
    return shown


def _secure_rows(name: str, schema: str, visible: dict[str, str], circle: Circle) -> Iterator[str]:
    if visible:
        yield f"alter table {table(schema, name)} enable row level security"
        for group in circle.groups:
            if group in visible:
                yield from _policy(name, schema, group, visible[group])


def _policy(name: str, schema: str, group: str, condition: str) -> Iterator[str]:
    yield f"create policy {identifier(group)} on {table(schema, name)} for select to {group} using ({condition})"


def _allow_sides(mart: Mart, schema: str, rule: MartAccess, circle: Circle) -> Iterator[str]:
    """Yield the statements that copy a mart of pairs for each side, so that what is the other's stands in no row."""
    name = mart.name + BY_SIDE
    columns = _side_columns(mart, rule)
    shown = [f"reader.code as {_READER_COUNTRY}"]
    owners = rule.side_of
    for column in columns[1:]:
        quoted = f"mart.{identifier(column)}"
        if owner := owners.get(column):
            quoted = f"case when mart.{identifier(owner)} = reader.code then {quoted} end as {identifier(column)}"
        shown.append(quoted)
    countries = ", ".join(f"mart.{identifier(country)}" for country in rule.countries)
    yield (
        f"create table {table(schema, name)} as select {', '.join(shown)} from {table(schema, mart.name)} as mart, "
        f"lateral (select distinct unnest(array[{countries}]) as code) as reader"
    )
    yield without_statistics(schema, name, columns)
    visible = {country_group(one): f"{_READER_COUNTRY} = {literal(one)}" for one in circle.countries}
    if circle.centre:
        visible[circle.centre] = "true"
        yield _grant(name, schema, columns, circle.centre)
    yield from _secure_rows(name, schema, visible, circle)
    yield _grant(name, schema, columns, circle.reader)


def member_views(marts: Sequence[Mart], schema: str, source: str, policy: Policy) -> Iterator[str]:
    """Yield the statements that make a schema of views on the tables in ``source``, with what all readers may read."""
    reader = policy.circle.reader
    yield from _schema(schema, reader)
    for mart in marts:
        rule = policy.access.of(mart)
        if rule.sides:
            yield from _view(mart, schema, table(source, mart.name + BY_SIDE), _side_columns(mart, rule), reader)
        elif columns := _in_order(mart, rule.member_columns):
            yield from _view(mart, schema, table(source, mart.name), columns, reader)


def centre_views(marts: Sequence[Mart], schema: str, source: str, access: Access, centre: str) -> Iterator[str]:
    """Yield the statements that make a schema of views with everything that access.yml names, for the centre."""
    yield from _schema(schema, centre)
    for mart in marts:
        if columns := _in_order(mart, access.of(mart).audiences):
            yield from _view(mart, schema, table(source, mart.name), columns, centre)


def _schema(schema: str, group: str) -> Iterator[str]:
    yield f"create schema {identifier(schema)}"
    yield f"grant usage on schema {identifier(schema)} to {group}"


def _view(mart: Mart, schema: str, source: str, columns: Sequence[str], group: str) -> Iterator[str]:
    """Yield a view that asks with the rights of its reader: without security_invoker it would show everybody's rows."""
    name = table(schema, mart.name)
    listed = ", ".join(map(identifier, columns))
    yield f"create view {name} with (security_invoker = true) as select {listed} from {source}"
    yield f"grant select on {name} to {group}"
    yield from comments("view", schema, mart, columns)


def _grant(name: str, schema: str, columns: Iterable[str], group: str) -> str:
    return f"grant select ({', '.join(map(identifier, columns))}) on {table(schema, name)} to {group}"


def _in_order(mart: Mart, names: Iterable[str]) -> list[str]:
    wanted = set(names)
    return [column.name for column in mart.columns if column.name in wanted]


def _side_columns(mart: Mart, rule: MartAccess) -> list[str]:
    sides = {column for columns in rule.sides.values() for column in columns}
    return [_READER_COUNTRY, *_in_order(mart, {*rule.own, *sides})]
