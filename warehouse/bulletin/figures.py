"""Figures of a page: what is asked of the release, what one sees, and what has to be known before it is used."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.bulletin.answering import Answering, answering
from warehouse.bulletin.charts.drawing import Drawing, svg
from warehouse.bulletin.edition import Edition
from warehouse.bulletin.numbers import cell
from warehouse.definition_file import read_definition, read_definitions
from warehouse.findings.finding import shortened
from warehouse.questionnaire.definition import Definition, Words
from warehouse.questionnaire.language import in_language

if TYPE_CHECKING:
    import pandas as pd
    from markupsafe import Markup

MOST_ROWS = 60  # of a table on a page; all of them are in its csv file
# Of a text in a table, and of the whole table: what offices write may be long, and a page is at most 300 kB.
LONGEST_TEXT, MOST_LETTERS = 4000, 40_000


class Column(Words):
    """A column of the table under a figure: its caption, and the list that its codes are of.

    ``codes`` names the list, or the column of the answer that names the list of each row; ``words`` are those for codes
    of no list.
    """

    codes: str = ""
    words: Mapping[str, Words] = {}


class FigureDefinition(Definition):
    """What a figure shows, in a yml file: ``query`` answers it, with places for its parameters in braces.

    Captions of columns have places for them too. ``marts`` are those that it reads, ``columns`` those of the answer
    that the table shows, in this order, and ``rows`` how many of its rows. ``answering`` says of which reports the
    number stands beside the figure.
    """

    title: Words
    caveats: tuple[Words, ...]
    marts: tuple[str, ...]
    columns: Mapping[str, Column]
    query: str
    answering: Answering | None = None
    rows: int = MOST_ROWS


@dataclass(frozen=True)
class Table:
    """A table in the language of a page: columns of the frame by name and caption.

    ``numbers`` are the positions of columns that are set to the right. ``is_cut``: a text is not there to its end.
    """

    names: Sequence[str]
    captions: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int]
    is_cut: bool = False


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


@cache
def definitions_in(folder: Path) -> Mapping[str, FigureDefinition]:
    """Return name → definition of the figures in all yml files of a folder, each of which is a subject of its own."""
    return read_definitions(folder, FigureDefinition)


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
        picture=svg(drawing, edition.language, name) if drawing and drawing.spec else None,
        caveats=[in_language(caveat, edition.language) for caveat in definition.caveats],
        table=tabulate(edition, frame.head(definition.rows), definition.columns, parameters),
        frame=frame,
        query=query,
        marts=definition.marts,
        is_of_public=bool({*definition.marts} & edition.public_marts),
        data=f"data/{name}.csv",
        answering=answering(edition, definition.answering, parameters, frame),
    )


def tabulate(
    edition: Edition, frame: "pd.DataFrame", columns: Mapping[str, Column], parameters: Mapping[str, Any]
) -> Table:
    """Return a frame with the captions, names and numbers of a language: rows and letters that a page has room for."""
    cells = [_cells(edition, frame, name, column) for name, column in columns.items()]
    captions = [in_language(column, edition.language).format(**parameters) for column in columns.values()]
    numbers = frozenset(
        position
        for position, name in enumerate(columns)
        if frame[name].dtype.kind in "iuf" and not name.endswith("year")
    )
    whole = [*_fitting(zip(*cells, strict=True))]
    rows = [[shortened(text, LONGEST_TEXT) for text in row] for row in whole]
    return Table([*columns], captions, rows, numbers, is_cut=any(len(text) > LONGEST_TEXT for text in chain(*whole)))


def _fitting(rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the first row, and those after it for as long as a page has room for their texts."""
    letters = 0
    for number, row in enumerate(rows):
        letters += sum(min(len(text), LONGEST_TEXT) for text in row)
        if number and letters > MOST_LETTERS:
            return
        yield row


def _cells(edition: Edition, frame: "pd.DataFrame", name: str, column: Column) -> list[str]:
    """Return a column as its reader reads it, from the first row to the last."""
    answers = frame[name]
    values: list[Any] = [
        None if is_null else value for value, is_null in zip(answers.tolist(), answers.isna(), strict=True)
    ]
    if not column.codes and not column.words:
        return [cell(value, name, edition.language) for value in values]
    lists = frame[column.codes] if column.codes in frame else [column.codes] * len(values)
    return [
        in_language(column.words[value], edition.language) if value in column.words else edition.name(listed, value)
        for listed, value in zip(lists, values, strict=True)
    ]
