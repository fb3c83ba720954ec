"""Commands that write what is sent out: the questionnaire as a workbook and as a form for phones."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.commands.context import read_settings

if TYPE_CHECKING:
    from warehouse.questionnaire.language import FormLanguage


@click.command()
@click.argument("country")
@click.option("--period", type=click.DateTime(["%Y-%m"]), help="Month of the report; else the sender fills it in.")
@click.option("--language", type=click.Choice(["ru", "en", "both"]), default="both", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: COUNTRY_PERIOD.xlsx")
def template(country: str, period: datetime | None, language: "FormLanguage", output: Path | None) -> None:
    """Write the form that COUNTRY (ISO 3166-1 alpha-3) fills in."""
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
    click.echo(path)


@click.command()
@click.argument("country")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Default: COUNTRY_xlsform.xlsx")
def xlsform(country: str, output: Path | None) -> None:
    """Write the form of COUNTRY (ISO 3166-1 alpha-3) as XLSForm for KoboToolbox and ODK."""
    from warehouse.forms.xlsform import write_xlsform
    from warehouse.questionnaire.definition import load_questionnaire

    settings = read_settings()
    path = output or Path(f"{country.upper()}_xlsform.xlsx")
    try:
        write_xlsform(path, country.upper(), questionnaire=load_questionnaire(), codelists=settings.codelists)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    click.echo(path)
