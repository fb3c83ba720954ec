"""Options that several commands share."""

from typing import Any

import click

_FIRST_YEAR, _LAST_YEAR = 1900, 2200  # that a report can be of
YEAR = click.IntRange(_FIRST_YEAR, _LAST_YEAR)


class _Month(click.DateTime):
    """A month that a report can be of: others would end in places that do not name what was asked."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the month as a datetime of its first day."""
        found = super().convert(value, param, ctx)
        if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            self.fail(f"{value} is no month of the years {_FIRST_YEAR} to {_LAST_YEAR}.", param, ctx)
        return found


MONTH = _Month(["%Y-%m"])
output_option = click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="The format of what is printed; CSV in UTF-8 with a row of headings.",
)
language_option = click.option(
    "--language",
    type=click.Choice(["en", "ru"]),
    default="en",
    show_default=True,
    help="The language of what is printed.",
)
public_option = click.option("--public", "is_public", is_flag=True, help="Of the public edition, for everybody.")
reader_option = click.option(
    "--for", "reader", metavar="COUNTRY", help="Of what this member state sees (ISO code), or centre."
)


def audience_of(reader: str | None, what: str, *, is_public: bool) -> str:
    """Return for whom something is made, as warehouse.kits.source names it; ``what`` is a kit or bulletin.

    Raises UsageError where the options disagree.
    """
    from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC

    if is_public and reader:
        raise click.UsageError(f"A {what} is public or for one reader: leave out --public or --for.")
    if reader is None:
        return PUBLIC if is_public else MEMBERS
    named = reader.lower()
    if named in {PUBLIC, MEMBERS}:
        how = "with --public" if named == PUBLIC else "without --for"
        raise click.UsageError(
            f"--for takes the code of a member state, or centre. The {what} for {named} is made {how}."
        )
    return CENTRE if named == CENTRE else reader.upper()
