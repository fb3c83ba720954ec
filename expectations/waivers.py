"""The waivers of ``waivers.yml``, validated against the existing rules and countries."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from expectations.marts.suites import MARTS
from expectations.submissions.suites import table_rules
from warehouse.findings.finding import Finding
from warehouse.ledger.waivers import Waiver, WaiverError, read_waivers
from warehouse.questionnaire.codelists import member_states
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")

# An empty or unreadable answer has no value that a mart could use.
NEVER_WAIVED = frozenset({"value_missing", "code_unknown", "value_unreadable", "value_ambiguous"})

_OF_ALL_MONTHS = {checks.mart for checks in MARTS if checks.continuity}
_OF_AMOUNTS = {checks.mart for checks in MARTS if checks.by_month}


_DRAFT = """  - country_code: {country}
{month}    table: {table}
    rule: {rule}
{row}{amount}    reason:
    approved_by:
    approved: {day}
    expires:
"""


def load_waivers(settings: Settings, day: date) -> list[Waiver]:
    """Return the waivers that are valid on a day (UTC).

    Raises WaiverError for a malformed file, and for a country, table, rule or field that does not exist or whose errors
    cannot be waived.
    """
    waivers = read_waivers(settings.waivers)
    members = member_states(settings.codelists)
    rules = _rules() if waivers else {}
    for number, waiver in enumerate(waivers, start=1):
        if wrong := _fault(waiver, members, rules):
            raise WaiverError(f"{settings.waivers.name}, waiver {number}: {wrong}")
    return [waiver for waiver in waivers if waiver.is_valid(day)]


def log_expired_waivers(settings: Settings, day: date) -> None:
    """Log a warning for each waiver that expired before a day (UTC); raises WaiverError for a malformed file."""
    for number, waiver in enumerate(read_waivers(settings.waivers), start=1):
        if waiver.expires < day:
            log.warning(
                "%s, waiver %d expired on %s and is without effect. Take it out, or have it approved anew.",
                settings.waivers.name, number, waiver.expires,
            )  # fmt: skip


def draft_waivers(findings: Iterable[Finding], day: date) -> str:
    """Return, as the file has it, the waiver of each error of gate 2 that may be waived; empty where none may.

    What the office that answers for it has to add stands empty, and no file with it is valid; ``day`` is when it begins
    (UTC).
    """
    of_marts = {(checks.mart, rule.name) for checks in MARTS for rule in (*checks.continuity, *checks.by_month)}
    return "".join(
        _DRAFT.format(
            country=finding.value,
            month=f"    reporting_month: {month}\n" if (month := finding.arguments.get("month")) else "",
            table=finding.table_name,
            rule=finding.rule,
            row=f"    source_row: {row}\n" if (row := finding.arguments.get("source_row")) else "",
            amount=f"    amount: {amount!r}\n" if (amount := finding.arguments.get("amount")) else "",
            day=day,
        )
        for finding in findings
        if finding.severity == "error" and (finding.table_name, finding.rule) in of_marts
    )


def _rules() -> dict[str, set[tuple[str, str | None]]]:
    """Return the rules that waivers may name, as table → name and field of each.

    Of gate 2 these are the rules whose findings depend on submissions only; any other of its findings is an error in
    our models.
    """
    of_tables = {table.name: table_rules(table) for table in load_questionnaire().tables}
    of_marts = {checks.mart: (*checks.continuity, *checks.by_month) for checks in MARTS}
    return {
        table: {(rule.name, rule.field) for rule in rules if rule.severity == "error"}
        for table, rules in (of_tables | of_marts).items()
        if rules
    }


def _fault(waiver: Waiver, members: Sequence[str], rules: Mapping[str, set[tuple[str, str | None]]]) -> str | None:
    """Return what is wrong with a waiver and how to correct it, None if nothing is."""
    if waiver.country_code not in members:
        return f"{waiver.country_code} is no member state. Write one of {', '.join(members)}."
    if waiver.table not in rules:
        return f"there is no table {waiver.table}. Write one of {', '.join(rules)}."
    if (waiver.table in _OF_ALL_MONTHS) != (waiver.reporting_month is None):
        advice = "about all months: write no" if waiver.reporting_month else "about single months: write a"
        return f"A waiver of {waiver.table} is {advice} reporting_month."
    if wrong := _unbound(waiver):
        return wrong
    known = {name for name, _ in rules[waiver.table]} - NEVER_WAIVED
    if waiver.rule in NEVER_WAIVED:
        return f"{waiver.rule} is never waived: there is no value that could count. Have the answer corrected."
    if waiver.rule not in known:
        return f"{waiver.table} has no rule {waiver.rule} that gives errors. Write one of {', '.join(sorted(known))}."
    fields = {str(field) for name, field in rules[waiver.table] if name == waiver.rule}
    if waiver.field and waiver.field not in fields:
        return f"{waiver.rule} is not about {waiver.field}. Write one of {', '.join(sorted(fields))}, or no field."
    return None


def _unbound(waiver: Waiver) -> str | None:
    """Return what is wrong with what a waiver says of the row that it is about: it must say what stands there."""
    given, other = ("amount", "value") if waiver.table in _OF_AMOUNTS else ("value", "amount")
    if getattr(waiver, other) is not None:
        return f"A waiver of {waiver.table} is about no {other}: write no {other}."
    if waiver.source_row is not None and getattr(waiver, given) is None:
        return f"A waiver of one row is for what stands there: write the {given}, as the finding quotes it."
    return None
