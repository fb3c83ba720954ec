"""Links of a page: each has to lead to a file of the same bulletin, and to a part of it that is there."""

import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from warehouse.bulletin.pages import DICTIONARY


def broken_links(page: Path) -> Iterator[str]:
    """Yield a sentence on each link that leads out of its reader's bulletins, to no file, or to no part of one."""
    folder = page.parent.parent.parent if page.parent.name == DICTIONARY else page.parent.parent
    for link in sorted({*re.findall(r'\bhref="([^"]*)"', page.read_text(encoding="utf-8"))}):
        name, _, part = unquote(html.unescape(link)).partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.is_relative_to(folder):
            yield f"{link} leads out of the bulletins"
        elif not target.is_file():
            yield f"{link} leads to no file"
        elif part and part not in _parts(target):
            yield f"{link} leads to no part of {target.name}"


@cache
def _parts(page: Path) -> frozenset[str]:
    return frozenset(map(html.unescape, re.findall(r'\bid="([^"]*)"', page.read_text(encoding="utf-8"))))
