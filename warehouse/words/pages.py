"""Pages: a Jinja template in one language, its texts out of the catalogue."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import translations

if TYPE_CHECKING:
    from jinja2 import Environment, Template


@cache
def page_template(path: Path, language: Language) -> "Template":
    """Return a template (utf-8) whose ``_()`` and ``{% trans %}`` translate into a language.

    Values are escaped, the texts of the catalogue are not. Raises jinja2.UndefinedError for a name that is not given.
    """
    return _environment(path.parent, language).get_template(path.name)


@cache
def _environment(folder: Path, language: Language) -> "Environment":
    """Return what reads the templates of a folder, and what several of them have in common once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
