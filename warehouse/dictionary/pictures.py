"""Pictures of the dictionary as boxes and lines with their places: lineage of a mart, and relations of a subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.dictionary.relations import Relation
from warehouse.releases.marts import Mart

# In units of the picture, which are pixels at its full width.
_WIDTH, _HEIGHT, _GAP, _BEND = 216, 26, 8, 44
_MOST = 14  # boxes in a column; more is no picture
_STEP, _TOP = 136, 60
_LONGEST = 36  # letters of a detail


@dataclass(frozen=True)
class Box:
    """A box with a name in it, and a detail below; ``kind`` is how it is drawn."""

    x: int
    y: int
    width: int
    height: int
    label: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """A line by its path (SVG)."""

    path: str


@dataclass(frozen=True)
class Dot:
    """Where a mart leads to another."""

    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Picture:
    """A picture of some width and height."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...] = ()


def draw_lineage(name: str, parents: Sequence[str], children: Sequence[str]) -> Picture:
    """Return what a mart is made of on its left, and what is made of it on its right.

    Of a side with more boxes than can be read the last one says how many are not drawn, as ``+3``.
    """
    left, right = _shown(parents), _shown(children)
    rows = max(len(left), len(right), 1)
    height = rows * (_HEIGHT + _GAP) - _GAP + 4
    columns = [side for side in (left, [name], right) if side]
    boxes, lines = [], []
    centre = height // 2
    middle = columns.index([name]) if [name] in columns else 0
    for number, labels in enumerate(columns):
        x = 1 + number * (_WIDTH + _BEND)
        first = centre - (len(labels) * (_HEIGHT + _GAP) - _GAP) // 2
        for row, label in enumerate(labels):
            y = first + row * (_HEIGHT + _GAP)
            boxes.append(Box(x, y, _WIDTH, _HEIGHT, label, "own" if number == middle else "other"))
            if number < middle:
                lines.append(Line(_curve(x + _WIDTH, y + _HEIGHT // 2, x + _WIDTH + _BEND, centre)))
            elif number > middle:
                lines.append(Line(_curve(x - _BEND, centre, x, y + _HEIGHT // 2)))
    return Picture(len(columns) * (_WIDTH + _BEND) - _BEND + 2, height, tuple(boxes), tuple(lines))


def _shown(names: Sequence[str]) -> list[str]:
    return [*names] if len(names) <= _MOST else [*names[: _MOST - 1], f"+{len(names) - _MOST + 1}"]


def _curve(x: int, y: int, to_x: int, to_y: int) -> str:
    half = (x + to_x) // 2
    return f"M{x},{y} C{half},{y} {half},{to_y} {to_x},{to_y}"


def draw_relations(marts: Sequence[Mart], related: Sequence[Relation], all_marts: Mapping[str, Mart]) -> Picture:
    """Return marts as rows, those that they lead to as columns, and a dot where many rows here have one row there."""
    found = [one for one in related if one.mart in {mart.name for mart in marts}]
    targets = sorted({one.target for one in found})
    row_height = _HEIGHT + 18
    height = _TOP + len(marts) * (row_height + _GAP)
    boxes, lines, dots = [], [], []
    for number, target in enumerate(targets):
        x = _WIDTH + 24 + number * _STEP
        boxes.append(Box(x, 1, _STEP - _GAP, row_height, target, "target", _key(all_marts[target])))
        lines.append(Line(f"M{x + (_STEP - _GAP) // 2},{row_height + 1} V{height - row_height // 2}"))
    for number, mart in enumerate(marts):
        y = _TOP + number * (row_height + _GAP)
        boxes.append(Box(1, y, _WIDTH, row_height, mart.name, "mart", _key(mart)))
        for position, target in enumerate(targets):
            if via := [one for one in found if one.mart == mart.name and one.target == target]:
                x = _WIDTH + 24 + position * _STEP + (_STEP - _GAP) // 2
                label = ", ".join(f"{one.column} → {one.target}.{one.key}" for one in via)
                dots.append(Dot(x, y + row_height // 2, label))
        if dots and dots[-1].y == y + row_height // 2:
            lines.append(Line(f"M{_WIDTH + 1},{dots[-1].y} H{dots[-1].x}"))
    return Picture(_WIDTH + 24 + max(len(targets), 1) * _STEP, height, tuple(boxes), tuple(lines), tuple(dots))


def _key(mart: Mart) -> str:
    """Return the columns of a key, as many as fit into a box."""
    text = ", ".join(mart.primary_key)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
