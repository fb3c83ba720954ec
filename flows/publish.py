"""The flow from accepted rows to a release: build, check, release."""

import logging
from datetime import date
from functools import partial
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.runs.alerts import FLOW_OPTIONS
from flows.runs.limits import limited
from flows.runs.summaries import Summary, counted, show
from flows.steps import Run, begin_run, find_published, gate_name, pend
from warehouse.findings.finding import Finding
from warehouse.findings.messages import describe_finding
from warehouse.questionnaire.definition import load_questionnaire
from warehouse.releases.catalogue import Release, current_release
from warehouse.releases.errors import ReleaseError
from warehouse.releases.publication import describe_release
from warehouse.releases.signing import read_signing_key
from warehouse.safekeeping.proof import Proof, keeping_proof
from warehouse.storage.database import kept_open, open_database, writing
from warehouse.storage.errors import SaraiError
from warehouse.storage.settings import Settings
from warehouse.transform.kept_rates import read_kept_rates

log = logging.getLogger("sarai")


def _in_english(finding: Finding) -> str:
    return describe_finding(finding, "en", load_questionnaire())


def _drafted(findings: list[Finding], day: date) -> str:
    from expectations.waivers import draft_waivers

    return draft_waivers(findings, day)


class GateClosedError(SaraiError):
    """Gate 2 has error findings; nothing was published and the last release stays.

    The message names them, and the waivers with which those may pass that can be waived.
    """

    def __init__(self, findings: list[Finding], results: Path, waivers: str) -> None:
        """Take the findings of the gate, the folder with its results, and what waivers.yml would have to hold."""
        errors = [_in_english(finding) for finding in findings if finding.severity == "error"]
        closed = f"The gate is closed: nothing was published, the last release stays. See {results}."
        waiving = f"What is right and cannot wait, somebody answers for in waivers.yml, filled in:\nwaivers:\n{waivers}"
        super().__init__("\n".join([*errors, closed, *([waiving.rstrip()] if waivers else ())]))


class NothingToPublishError(SaraiError):
    """No submission was ever decided on."""


@task(cache_policy=NO_CACHE)
def prove(run: Run, proof: Proof) -> None:
    """Compare ledger, typed rows, codelists and forecasts with the chain, and the chain with the releases.

    What is proven already is not compared again. Raises ChangedError when one differs.
    """
    from warehouse.safekeeping.derived_check import refuse_unproven

    log.info("Ledger and typed rows are proven." if proof.holds else "Proving ledger and typed rows.")
    with open_database(run.settings) as connection:
        refuse_unproven(connection, run.settings, is_proven=proof.holds)


@task(cache_policy=NO_CACHE)
def build(run: Run, as_of: date | None, proof: Proof) -> None:
    """Build the marts from the accepted rows, and load the current release beside them for comparison.

    Where the marts of all that is known are proven, what has changed since they were built is built in them.
    Forecasts are computed from series that the marts hold; if they are new, the marts that show them are built again.
    What was built is entered in the chain of the ledger.
    """
    from warehouse.forecasts.tables import create_forecast_tables, write_forecasts
    from warehouse.ledger.derived import ALL_KNOWN, begin_marts, enter_marts, read_derived
    from warehouse.releases.last_release import load_last_release
    from warehouse.releases.marts import model_names
    from warehouse.transform.dbt_build import FORECAST_MODELS, MART_MODELS, build_models
    from warehouse.transform.kept_rates import write_kept_rates

    log.info("Building the marts%s.", f" as of {as_of}" if as_of else "")
    with open_database(run.settings) as connection:
        create_forecast_tables(connection)
        write_kept_rates(connection, run.settings)
        built = read_derived(connection)
        only_changes = proof.holds and as_of is None and bool(built.marts) and built.marts_of == ALL_KNOWN
        begin_marts(connection, as_of)
        build_models(run.settings, MART_MODELS, as_of=as_of, only_changes=only_changes)
        if write_forecasts(connection, run.settings.threads):
            build_models(run.settings, FORECAST_MODELS, as_of=as_of)
        enter_marts(connection, as_of, model_names(run.settings.dbt_project), only_changes=only_changes)
        load_last_release(connection, run.settings)


@task(cache_policy=NO_CACHE)
def check(run: Run, as_of: date | None, results: Path) -> list[Finding]:
    """Run the suites of the marts; returns the findings, warnings among them."""
    from expectations.gate.run import check as check_suites
    from expectations.marts.suites import mart_suites

    log.info("Checking the marts.")
    suites = mart_suites(run.settings.dbt_project, as_of)
    return check_suites(run.settings, "marts", suites, results, run.rules.waivers)


@task(cache_policy=NO_CACHE)
def check_public(run: Run, results: Path) -> list[Finding]:
    """Make the public edition in the working database and attack it; returns a finding for each count given away."""
    from expectations.gate.run import check as check_suites
    from expectations.marts.disclosure import attack_public_edition, disclosure_suites
    from warehouse.disclosure.public_edition import prepare_public_edition

    log.info("Attacking the public edition.")
    with open_database(run.settings) as connection:
        prepare_public_edition(connection, run.settings, run.day)
        attack_public_edition(connection, run.settings, run.day)
        return check_suites(run.settings, "audit", disclosure_suites(), results / "public")


@task(cache_policy=NO_CACHE)
def release(run: Run, as_of: date | None, results: Path, *, is_for_all: bool) -> Release:
    """Write the marts as the next release, with a public edition if it is for all; see write_release."""
    from warehouse.disclosure.public_edition import public_marts, read_public_editions
    from warehouse.disclosure.public_package import write_public_package
    from warehouse.releases.inputs import digest_inputs
    from warehouse.releases.publication import write_release

    with open_database(run.settings) as connection:
        public = public_marts(connection) if is_for_all else []
        write_public = None
        if public:
            editions = read_public_editions(connection, run.settings, run.day)
            write_public = partial(write_public_package, connection, public, editions)
        inputs = digest_inputs(connection, run.settings, run.day) if as_of is None else None
        return write_release(
            connection, run.settings, gate_results=results, as_of=as_of, write_public=write_public, inputs=inputs
        )


@flow(name="publish", **FLOW_OPTIONS)
def publish(as_of: date | str | None = None, *, full: bool = False) -> Release:
    """Publish the accepted submissions, or what was known of them at the end of the day ``as_of`` (UTC).

    With ``full`` everything is proven and built anew, as if no earlier run had left anything.
    Raises GateClosedError when gate 2 has error findings, ModelError when dbt cannot build, NothingToPublishError
    before the first ingest, WriterBusyError when another run holds the warehouse too long, ReleaseError when the
    signing key is none, RateError for a wrong file of exchange rates, UnknownEditionsError when nobody has said what
    was shown since a restore, ChangedError when the working database is not what the chain of the ledger says.
    """
    settings = Settings()
    run = begin_run(settings)
    day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    results = settings.gates / gate_name("marts")
    with limited(settings), writing(settings), keeping_proof(settings, anew=full) as proof, kept_open(settings):
        read_signing_key(settings)  # a wrong key or rate is reported before half a minute of work
        read_kept_rates(settings)
        is_for_all = _require_decisions(run) and day is None
        prove(run, proof)
        if day is None and not full and (same := find_published(run, proof)):
            proof.make()
            log.info("%s", describe_release(same))
            show(Summary([f"release {same.number} already"]))
            return same
        build(run, day, proof)
        findings = check(run, day, results)
        if is_for_all and not any(finding.severity == "error" for finding in findings):
            findings += check_public(run, results)
        if any(finding.severity == "error" for finding in findings):
            _show_closed(findings, results)
            raise GateClosedError(findings, results, _drafted(findings, run.day))
        for finding in findings:
            log.warning("%s", _in_english(finding))
        before = _last(settings)
        published = release(run, day, results, is_for_all=is_for_all)
        proof.make()
    log.info("%s", describe_release(published))
    _show_published(before, published, len(findings))
    return published


def _last(settings: Settings) -> Release | None:
    try:
        return current_release(settings)
    except ReleaseError:
        return None


def _show_closed(findings: list[Finding], results: Path) -> None:
    rules = {(finding.table_name, finding.rule) for finding in findings if finding.severity == "error"}
    row = {"release": "none: the gate is closed", "failed checks": f"{len(rules)}", "gate": f"{results / 'index.html'}"}
    show(Summary([f"gate closed: {counted(len(rules), 'check')}"], table=[row]))


def _show_published(before: Release | None, published: Release, warnings_count: int) -> None:
    as_of = [f"as of {published.as_of}"] if published.as_of else []
    row = {
        "release": " ".join([f"{published.number}", *as_of]),
        "changed marts": _count_changed(before, published),
        "warnings": f"{warnings_count}",
        "gate": f"{published.path / 'gate' / 'index.html'}",
    }
    if before:
        row["which figures and why"] = f"sarai diff {before.number} {published.number}"
    show(Summary([f"release {published.number}", *as_of], table=[row]))


def _count_changed(before: Release | None, published: Release) -> str:
    hashes = published.mart_hashes
    earlier = before.mart_hashes if before and before.is_readable else {}
    changed = sum(earlier.get(name) != digest for name, digest in hashes.items())
    return f"{changed} of {len(hashes)}"


def _require_decisions(run: Run) -> bool:
    """Return whether the release may have a public edition; log when it may not, and when submissions still wait.

    What a killed run has built is completed first: the proof and the attack count with it.

    Raises NothingToPublishError when there is nothing to publish, UnknownEditionsError as publishes_for_all does.
    """
    from warehouse.ledger.raw import create_tables
    from warehouse.releases.publication import complete_releases
    from warehouse.safekeeping.restoration import publishes_for_all

    with open_database(run.settings) as connection:
        create_tables(connection, load_questionnaire())
        decided = connection.execute("select count(*) from raw.decisions").fetchone()
        if not decided or not decided[0]:
            raise NothingToPublishError("Nothing was ingested yet. Put files into the inbox and run `sarai ingest`.")
        complete_releases(connection, run.settings)
        is_for_all = publishes_for_all(connection, run.settings)
        waiting = pend(run)
    if waiting:
        log.warning("%d submissions wait for a decision by the rules in force: run `sarai ingest`.", waiting)
    if not is_for_all:
        log.warning("The release has no public edition, until `sarai restore --public-editions FOLDER` was run.")
    return is_for_all
