"""Figures of a page: what is asked of the release, what one sees, and what has to be known before it is used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.answering import Answering, answering
from warehouse.bulletin.charts.drawing import Drawing, svg
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import cell
from warehouse.definition_file import read_definition
from warehouse.questionnaire.definition import Definition, Words
from warehouse.questionnaire.language import in_language

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

MOST_ROWS = 60  # of a table on a page; all of them are in its csv file


class Column(Words):
    """A column of the table under a figure: its caption, and the list that its codes are of."""

    codes: str = ""


class FigureDefinition(Definition):
    """What a figure shows, in a yml file: ``query`` answers it, with places for its parameters in braces.

    ``marts`` are those that it reads, ``columns`` those of the answer that the table shows, in this order.
    ``answering`` says of which reports the number stands beside the figure.
    """

    title: Words
    caveats: tuple[Words, ...]
    marts: tuple[str, ...]
    columns: Mapping[str, Column]
    query: str
    answering: Answering | None = None


@dataclass(frozen=True)
class Table:
    """A table in the language of a page: columns of the frame by name and caption.

    ``numbers`` are the positions of columns that are set to the right.
    """

    names: Sequence[str]
    captions: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]


@dataclass(frozen=True)
class Figure:
    """A figure in the language of a page.

    ``message`` says what one sees, ``picture`` is SVG or nothing, ``table`` its first rows; ``frame`` is the whole
    answer of ``query``, which stands in the file ``data``. ``is_of_public``: the query is for the public edition, as
    the reader sees a mart of it there alone. ``answering`` says how many states answer, or is empty.
    """

    name: str
    title: str
    message: str
    picture: "Markup | None"
    caveats: Sequence[str]
    table: Table
    frame: "pd.DataFrame"
    query: str
    marts: Sequence[str]
    is_of_public: bool
    data: str
    answering: str = ""


@cache
def definitions(path: Path) -> Mapping[str, FigureDefinition]:
    """Return name → definition of the figures in a yml file, in its order."""
    return read_definition(path, dict[str, FigureDefinition])


def figure(
    edition: Edition,
    definition: FigureDefinition,
    name: str,
    parameters: Mapping[str, Any],
    draw: Callable[[Edition, "pd.DataFrame"], Drawing | None] | None = None,
) -> Figure | None:
    """Return a figure of a page; None where its reader does not see all of its marts, or nothing of what it asks.

    ``name`` is that of its page and its own, as in ``month-2024-03_coverage``.
    """
    if not {*definition.marts} <= {*edition.source.marts}:
        return None
    query = definition.query.format(**parameters).strip()
    frame = edition.ask(query)
    if frame.empty:
        return None
    drawing = draw(edition, frame) if draw else None
    return Figure(
        name=name.rsplit("_", 1)[-1],
        title=in_language(definition.title, edition.language),
        message=drawing.message if drawing else "",
        picture=svg(drawing, edition.language, name) if drawing else None,
        caveats=[in_language(caveat, edition.language) for caveat in definition.caveats],
        table=tabulate(edition, frame, definition.columns),
        frame=frame,
        query=query,
        marts=definition.marts,
        is_of_public=bool({*definition.marts} & edition.public_marts),
        data=f"data/{name}.csv",
        answering=answering(edition, definition.answering, parameters),
    )


def tabulate(edition: Edition, frame: "pd.DataFrame", columns: Mapping[str, Column]) -> Table:
    """Return the first rows of a frame with the captions, names and numbers of a language."""
    shown = frame[[*columns]].head(MOST_ROWS)
    rows = [
        [
            edition.name(column.codes, value) if column.codes else cell(value, name, edition.language)
            for (name, column), value in zip(columns.items(), values, strict=True)
        ]
        for values in shown.itertuples(index=False, name=None)
    ]
    numbers = frozenset(
        position
        for position, name in enumerate(columns)
        if shown[name].dtype.kind in "iuf" and not name.endswith("year")
    )
    return Table([*columns], [in_language(column, edition.language) for column in columns.values()], rows, numbers)
