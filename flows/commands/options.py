"""Options that several commands share."""

import click

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
