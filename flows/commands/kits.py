"""The command that makes kits."""

import click

from flows.commands.context import read_settings
from flows.commands.options import audience_of, public_option, reader_option
from flows.terminal import print_text

TOOLS = ("dictionary", "excel", "gis", "i2", "powerbi", "sdmx")


@click.command(epilog="Example: sarai kit excel --public")
@click.argument("tool", type=click.Choice([*TOOLS, "all"]))
@click.argument("number", default="current", metavar="[RELEASE]")
@public_option
@reader_option
def kit(tool: str, number: str, reader: str | None, *, is_public: bool) -> None:
    """Make a kit: the files of a release for one TOOL, or for all of them.

    They lie in SARAI_HOME/kits, by the number of the release. Without an option a kit holds what all member states
    share, and no single records. RELEASE is a number, or current. Exit status 1 when a kit could not be made; of all of
    them, those that would be empty are named and left out.
    """
    from warehouse.kits.errors import KitError, NothingToShowError
    from warehouse.kits.kits import make_kits
    from warehouse.kits.source import opened
    from warehouse.lineage.release_pair import find_release
    from warehouse.releases.signing import read_signing_key
    from warehouse.storage.permissions import private_files

    audience = audience_of(reader, "kit", is_public=is_public)
    settings = read_settings()
    tools = TOOLS if tool == "all" else (tool,)
    failed = False
    empty: list[str] = []
    key = read_signing_key(settings)
    with private_files(), opened(find_release(settings, number), audience, settings) as source:
        for name, made in zip(tools, make_kits(tools, source, settings.kits, key), strict=True):
            if tool == "all" and isinstance(made, NothingToShowError):
                empty.append(name)
            elif isinstance(made, KitError):
                print_text(str(made), err=True)
                failed = True
            else:
                print_text(f"{made.path}: {made.files_count} files{'' if made.is_new else ', as they were'}")
    if empty:
        print_text(f"Left out, with nothing to show for {audience}: {', '.join(empty)}.")
    if failed:
        raise SystemExit(1)
