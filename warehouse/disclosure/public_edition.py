"""The public edition of a release: the columns that public_edition.yml names, and counts of persons with suppression.

It is built in schema ``public_edition`` of the working database, audited there, and written into the folder ``public``
of the release, which is self-contained: that folder and nothing else is what gets published.
"""

from dataclasses import replace
from datetime import date

import duckdb

from warehouse.disclosure.earlier_editions import read_editions
from warehouse.disclosure.joint_editions import PublicEdition, protect
from warehouse.disclosure.person_counts import (
    PERSONS_TABLE,
    WHOLE_YEAR,
    PersonCounts,
    completed,
    read_counts,
    read_shown,
    suppressed,
)
from warehouse.disclosure.public_columns import PublicColumns, public_columns
from warehouse.releases.errors import ReleaseError
from warehouse.releases.marts import Mart, read_marts
from warehouse.storage.database import append_rows, transaction
from warehouse.storage.settings import Settings
from warehouse.storage.sql import identifier

SCHEMA = "public_edition"

_PERSONS = f"""
create or replace table {SCHEMA}.{PERSONS_TABLE} (
    country_code varchar, calendar_year bigint, month_number bigint, contact_stage_code varchar, offence_code varchar,
    characteristic_name varchar, characteristic_code varchar, persons_count bigint, is_suppressed boolean not null,
    primary key (
        country_code, calendar_year, month_number, contact_stage_code, offence_code, characteristic_name,
        characteristic_code
    )
)
"""
_KINDS = ("varchar", "bigint", "bigint", "varchar", "varchar", "varchar", "varchar", "bigint", "boolean")
_DESCRIPTIONS = {
    "country_code": "ISO 3166-1 alpha-3 code of the reporting country, or TOTAL for all that report",
    "calendar_year": "Year; the figures of a whole year appear when it is over",
    "month_number": "Month 1 to 12, or 0 for the whole year",
    "contact_stage_code": "SUSPECTED (also where nothing is said), PROSECUTED or CONVICTED; never add stages",
    "offence_code": "Offence by the International Classification of Crime, NOT_ANSWERED, or TOTAL for all offences",
    "characteristic_name": "What the persons are divided by: all (not divided), sex, age_group or citizenship",
    "characteristic_code": "F, M; JUVENILE, ADULT; NATIONAL, FOREIGN; UNKNOWN; or TOTAL for all persons",
    "persons_count": "Persons in formal contact with the authorities (persons); empty where it is suppressed",
    "is_suppressed": "Whether the count is not shown: it is under 5, or it would give such a count away",
}
_COMMENT = (
    "Persons in formal contact with the authorities, with totals. Counts of 1 to 4 are suppressed, and others with "
    "them so that none can be computed from totals or from an earlier edition. Grain: country, year, month, stage, "
    "offence and value of a characteristic; a group in which nobody was reported has no row."
)


def prepare_public_edition(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> list[Mart]:
    """Build the public tables from schema marts, as they may be published on ``today``, and return them.

    A mart of public_edition.yml that does not exist is left out. Raises ReleaseError for an earlier public edition that
    cannot be read, and for a column that does not exist.
    """
    connection.execute(f"drop schema if exists {SCHEMA} cascade")
    marts = {mart.name: mart for mart in read_marts(connection)}
    with transaction(connection):  # each statement by itself would be made durable
        connection.execute(f"create schema {SCHEMA}")
        for name, public in public_columns().items():
            if name in marts:
                _copy(connection, marts[name], public)
    if "rpt_persons_by_month" in marts:
        candidate = countable(connection, today)
        _write_persons(connection, protect(candidate, read_editions(settings, candidate)))
    return public_marts(connection)


def countable(connection: duckdb.DuckDBPyConnection, today: date) -> PersonCounts:
    """Return the true counts that may be published on ``today``: a whole year only once it is over."""
    counted = read_counts(connection, "marts.rpt_persons_by_month")
    return {
        key: value for key, value in counted.items()
        if key.month_number != WHOLE_YEAR or key.calendar_year < today.year
    }  # fmt: skip


def read_candidate(connection: duckdb.DuckDBPyConnection, today: date) -> PublicEdition:
    """Return the public edition in the working database, with the true counts behind it."""
    truth = countable(connection, today)
    shown = read_shown(connection, f"{SCHEMA}.{PERSONS_TABLE}")
    return PublicEdition(completed(shown, truth), suppressed(shown))


def read_public_editions(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> list[PublicEdition]:
    """Return all earlier public editions and, as the last, that in the working database; none if it counts no persons.

    Raises ReleaseError as read_editions does.
    """
    if not any(mart.name == PERSONS_TABLE for mart in public_marts(connection)):
        return []
    return [*read_editions(settings, countable(connection, today)), read_candidate(connection, today)]


def public_marts(connection: duckdb.DuckDBPyConnection) -> list[Mart]:
    """Return the tables of the public edition in the working database, with the descriptions of their marts."""
    return read_marts(connection, SCHEMA)


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, public: PublicColumns) -> None:
    known = {column.name for column in mart.columns}
    if missing := [name for name in [*public.columns, *public.rows] if name not in known]:
        raise ReleaseError(f"{mart.name} has no {', '.join(missing)}. Correct public_edition.yml.")
    columns = tuple(column for column in mart.columns if column.name in public.columns)
    key = mart.primary_key if set(mart.primary_key) <= set(public.columns) else ()
    condition = " and ".join(["true", *(f"list_contains(?, mart.{identifier(name)})" for name in public.rows)])
    table = replace(mart, schema=SCHEMA, columns=columns, primary_key=key)
    place = f"{SCHEMA}.{identifier(mart.name)}"
    for statement in table.definition(place):
        connection.execute(statement)
    connection.execute(
        f"insert into {place} select {', '.join(f'mart.{identifier(c.name)}' for c in columns)} "
        f"from {mart.source} where {condition}",
        list(public.rows.values()),
    )
    for statement in table.constraint(place):
        connection.execute(statement)


def _write_persons(connection: duckdb.DuckDBPyConnection, edition: PublicEdition) -> None:
    """Write the counts of an edition, hidden ones without their value."""
    connection.execute(_PERSONS)
    connection.execute(f"comment on table {SCHEMA}.{PERSONS_TABLE} is '{_COMMENT}'")
    for name, text in _DESCRIPTIONS.items():
        connection.execute(f"comment on column {SCHEMA}.{PERSONS_TABLE}.{name} is '{text}'")
    kinds = dict(zip(_DESCRIPTIONS, _KINDS, strict=True))
    rows = [(*key, None if key in edition.hidden else value, key in edition.hidden) for key, value in edition.states]
    append_rows(connection, f"{SCHEMA}.{PERSONS_TABLE}", kinds, rows)
