"""The flow that reminds: which answers are due or missing, written as letters to the offices that owe them."""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.runs.alerts import FLOW_OPTIONS
from flows.runs.limits import limited
from flows.runs.summaries import Summary, counted, show
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.reporting.reminders import Reminder
from warehouse.storage.database import open_database, writing
from warehouse.storage.settings import Settings

log = logging.getLogger("sarai")


@task(cache_policy=NO_CACHE)
def write(settings: Settings, day: date) -> list[Reminder]:
    """Compare what is asked with what the ledger holds; returns a reminder for each country that owes something."""
    from warehouse.ledger.raw import create_tables
    from warehouse.reporting.obligations import load_obligations
    from warehouse.reporting.reminders import due_reports, write_letters

    questionnaire = load_questionnaire()
    obligations = load_obligations(settings.codelists)
    with open_database(settings) as connection:
        create_tables(connection, questionnaire)
        reports = due_reports(connection, obligations, questionnaire.due_tables, day)
    return write_letters(reports, questionnaire, settings.codelists, day)


@task(cache_policy=NO_CACHE)
def keep(settings: Settings, day: date, reminders: Sequence[Reminder]) -> list[Path]:
    """Put the letters where a mail program or a person finds them; see warehouse.reporting.reminders.keep_reminders."""
    from warehouse.reporting.reminders import keep_reminders

    return keep_reminders(settings.root, day, reminders)


@flow(name="remind", **FLOW_OPTIONS)
def remind(day: date | str | None = None) -> list[Path]:
    """Write the reminders of a day (today in UTC, or an ISO date): SARAI_HOME/reminders/<day>/<ISO3>.txt and .json.

    Nothing is sent and, if nothing is due, nothing written; a second run on the same day gives the same. Raises
    ObligationError, and WriterBusyError when another run holds the warehouse too long.
    """
    settings = Settings()
    on = date.fromisoformat(day) if isinstance(day, str) else day or datetime.now(UTC).date()
    with limited(settings), writing(settings):
        reminders = write(settings, on)
        paths = keep(settings, on, reminders)
    if not reminders:
        log.info("Nothing is due on %s.", on)
    for reminder in reminders:
        items = [item for letter in reminder.letters for item in letter.items]
        late = sum(item.days_late > 0 for item in items)
        log.info("%s: %d overdue, %d due soon.", reminder.country_code, late, len(items) - late)
    if paths:
        log.info("The letters are in %s.", paths[0].parent)
    countries = {reminder.country_code for reminder in reminders}
    show(Summary([counted(len(countries), "letter") if countries else "nothing due"], countries))
    return paths
