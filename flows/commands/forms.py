"""Commands that write the forms that are sent out: a workbook, and an XLSForm for phones."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.context import read_settings
from flows.commands.options import MONTH
from flows.terminal import print_text

if TYPE_CHECKING:
    from warehouse.questionnaire.language import FormLanguage


@click.command(epilog="Example: sarai template UZB --period 2024-05")
@click.argument("country")
@click.option("--period", type=MONTH, help="The month of the report; without it, the sender fills it in.")
@click.option(
    "--language",
    type=click.Choice(["ru", "en", "both"]),
    default="both",
    show_default=True,
    help="The language of lists and hints.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. [default: COUNTRY_PERIOD.xlsx]",
)
def template(country: str, period: datetime | None, language: "FormLanguage", output: Path | None) -> None:
    """Write the workbook that a country fills in.

    COUNTRY is its code in ISO 3166-1 alpha-3.
    """
    from warehouse.forms.template import write_template
    from warehouse.questionnaire.definition import load_questionnaire

    settings = read_settings()
    code, month = country.upper(), period.date() if period else None
    path = output or Path(f"{code}_{month:%Y-%m}.xlsx" if month else f"{code}.xlsx")
    try:
        write_template(
            path,
            code,
            period=month,
            language=language,
            questionnaire=load_questionnaire(),
            codelists=settings.codelists,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    print_text(path)


@click.command(epilog="Example: sarai xlsform UZB")
@click.argument("country")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. [default: COUNTRY_xlsform.xlsx]",
)
def xlsform(country: str, output: Path | None) -> None:
    """Write the form as an XLSForm for KoboToolbox and ODK.

    COUNTRY is its code in ISO 3166-1 alpha-3.
    """
    from warehouse.forms.xlsform import write_xlsform
    from warehouse.questionnaire.definition import load_questionnaire

    settings = read_settings()
    path = output or Path(f"{country.upper()}_xlsform.xlsx")
    try:
        write_xlsform(path, country.upper(), questionnaire=load_questionnaire(), codelists=settings.codelists)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    print_text(path)
