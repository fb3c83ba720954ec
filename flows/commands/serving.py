"""Commands on the shared server: serve a release there, and set it up."""

from typing import TYPE_CHECKING

import click

from flows.commands.context import read_settings
from flows.terminal import print_text

if TYPE_CHECKING:
    from warehouse.storage.settings import Settings

public_option = click.option("--public", "is_public", is_flag=True, help="The public edition and its database instead.")


@click.command(epilog="Example: sarai serve")
@click.argument("number", default="current", metavar="[RELEASE]")
@public_option
@click.option("--check", is_flag=True, help="Change nothing; say what would be done, and what access.yml changes.")
def serve(number: str, *, is_public: bool, check: bool) -> None:
    """Load a release into PostgreSQL, and let its readers see it.

    It is the RELEASE with this number, or the current one. It is loaded beside the one that readers see, verified, and
    switched to at once. One that is still there is switched to without loading, unless its rows were changed there:
    that is how to go back. Exit status 1 when a reader holds an older release that must follow another access.yml.
    """
    from warehouse.lineage.release_pair import find_release
    from warehouse.serving.outcome import describe_outcome
    from warehouse.serving.serve import edition_of, foresee, serve as serve_edition
    from warehouse.serving.server import require_packages

    require_packages()
    settings = read_settings()
    edition = edition_of(find_release(settings, number), settings, is_public=is_public)
    outcome = foresee(edition, settings) if check else serve_edition(edition, settings)
    for line in describe_outcome(outcome, is_foreseen=check):
        print_text(line)
    if outcome.held:
        raise SystemExit(1)


@click.command(epilog="Example: sarai roles")
@click.option("--check", is_flag=True, help="Look at the server instead, and say what is not set up as it must be.")
@public_option
def roles(*, check: bool, is_public: bool) -> None:
    """Print the SQL that an administrator runs to set up the shared server.

    Roles: the owner and the loader of what is served, a group of readers per member state, one of the centre, one of
    the public. Exit status 1 when a check finds a problem.
    """
    from warehouse.serving.roles import setup_statements

    settings = read_settings()
    if not check:
        for line in setup_statements(_members(settings)):
            print_text(line)
        return
    from warehouse.serving.layout import PUBLIC, members
    from warehouse.serving.serve import address_of
    from warehouse.serving.served import all_altered, list_served
    from warehouse.serving.server import loading, require_packages
    from warehouse.serving.server_check import check_server

    require_packages()
    circle = PUBLIC if is_public else members(_members(settings))
    with loading(address_of(settings, is_public=is_public), is_alone=False) as connection:
        problems = check_server(connection, circle)
        altered = all_altered(connection, list_served(connection))
    for problem in problems:
        print_text(f"{'refused' if problem.is_refused else 'advised'}: {problem.text}")
    for name in altered:
        print_text(f"altered: {name} is not as `sarai serve` left it; running it again sets it right")
    if problems or altered:
        raise SystemExit(1)
    print_text("The server is set up as it must be.")


def _members(settings: "Settings") -> tuple[str, ...]:
    from warehouse.questionnaire.codelists import member_states

    return member_states(settings.codelists)
