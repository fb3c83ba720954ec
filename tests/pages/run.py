"""Let Chromium and axe-core read the bulletins of the current release, for everybody, members and the centre.

``python tests/pages/run.py`` takes the current release of SARAI_HOME, makes its bulletins, and prints a line for each
kind of page: how many there are, how many axe-core judged (the first and last of a kind, in each language), how many
sheets of A4 the longest of these takes, what each check found (axe-core's rules, requests that left, errors of Chromium
and of the content security policy, scrolling sideways on a telephone, contrast in charts, what is cut off on paper,
links that lead nowhere), and seconds. Exit status 1 if anything was found, or if a page with all faults passes.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

from debian_packages import install
from demo_release import demo_release

from pages.chromium import Problem, Reader, chromium
from pages.links import broken_links
from warehouse.bulletin.board.page import BOARD, write_board
from warehouse.bulletin.bulletin import make_bulletin
from warehouse.bulletin.pages import DICTIONARY
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, opened
from warehouse.questionnaire.language import LANGUAGES
from warehouse.releases.catalogue import Release
from warehouse.storage.database import open_database
from warehouse.storage.settings import Settings

CHECKS = ("axe", "requests", "errors", "sideways", "contrast", "print", "links")
MOST_SHEETS = {"country": 2}  # of A4, by the kind of page
FAULTY = Path(__file__).with_name("faulty.html")
PACKAGES = ("chromium", "fonts-liberation")


def main() -> None:
    """Make and read the bulletins of everybody and the members in one process, and the centre's in another."""
    release = demo_release(Settings())
    if failures := install(PACKAGES):
        sys.exit(failures)
    headings = "".join(f"{check:>{len(check) + 2}}" for check in CHECKS)
    print(
        f"{'bulletin':<16}{'kind of page':<14}{'pages':>6}{'judged':>8}{'sheets':>8}{headings}{'seconds':>9}",
        flush=True,
    )
    with ProcessPoolExecutor(mp_context=get_context("fork")) as processes:
        parts = [processes.submit(read, release) for read in (_read_centre, _read_public_and_members)]
    results = [part.result() for part in parts]
    sys.exit(0 if all(results) else 1)


def _read_public_and_members(release: Release) -> bool:
    """Read two bulletins from their folders, and everybody's from a server too; returns whether nothing is wrong."""
    settings = Settings()
    folders = {audience: _make(release, audience, settings) for audience in (PUBLIC, MEMBERS)}
    with chromium() as reader:
        right = [_finds_every_fault(reader)]
        for audience, folder in folders.items():
            right += [_read(reader, audience, kind, paths, folder.as_uri()) for kind, paths in _kinds(folder)]
        with _served(folders[PUBLIC]) as address:
            for kind, paths in _kinds(folders[PUBLIC]):
                right.append(_read(reader, "public, served", kind, [*_ends(paths)], address))
    return all(right)


def _read_centre(release: Release) -> bool:
    """Read the centre's bulletin, its dictionary, which has the pages of all others, and the board."""
    settings = Settings()
    folder = _make(release, CENTRE, settings)
    board = _write_board(release, settings)
    dictionary = sorted((folder / DICTIONARY).glob("*.html"))
    with chromium() as reader:
        right = [_read(reader, CENTRE, kind, paths, folder.as_uri()) for kind, paths in _kinds(folder)]
        right.append(_read(reader, CENTRE, BOARD, board, board[0].parent.as_uri()))
        right.append(_read(reader, CENTRE, DICTIONARY, dictionary, dictionary[0].parent.as_uri()))
    return all(right)


def _make(release: Release, audience: str, settings: Settings) -> Path:
    with opened(release, audience, settings) as source:
        return make_bulletin(source, settings.bulletin).path


def _write_board(release: Release, settings: Settings) -> list[Path]:
    with opened(release, CENTRE, settings) as source, open_database(settings) as connection:
        return write_board(connection, source, datetime.now(UTC))


def _kinds(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """Yield the kinds of pages of a folder, and their pages in order: of months the oldest first."""
    kinds: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.html")):
        kinds.setdefault(re.sub(r"(-.*)?_[a-z]+$", "", path.stem), []).append(path)
    yield from kinds.items()


def _ends(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the first and the last page in each language: of months the oldest and the newest."""
    for language in LANGUAGES:
        pages = [path for path in paths if path.stem.endswith(f"_{language}")]
        yield from dict.fromkeys((*pages[:1], *pages[-1:]))


def _read(reader: Reader, audience: str, kind: str, paths: Sequence[Path], address: str) -> bool:
    """Read all pages of a kind, print its line and what is wrong, and return whether nothing is."""
    begin, sheets, found = time.monotonic(), 0, dict[str, list[Problem]]()
    judged = {*_ends(paths)}
    for path in paths:
        reader.open(f"{address}/{path.name}", address)
        reader.look_at()
        if path in judged:
            reader.judge()
        printed = reader.print_out() if path in judged or kind in MOST_SHEETS else 0
        if printed > MOST_SHEETS.get(kind, printed):
            reader.problems.append(Problem("print", f"{printed} sheets, and {MOST_SHEETS[kind]} are promised"))
        sheets = max(sheets, printed)
        found[path.name] = [*reader.problems, *(Problem("links", text) for text in broken_links(path))]
    counts = Counter(problem.check for problems in found.values() for problem in problems)
    numbers = "".join(f"{counts[check]:>{len(check) + 2}}" for check in CHECKS)
    seconds = time.monotonic() - begin
    lines = [f"{audience:<16}{kind:<14}{len(paths):>6}{len(judged):>8}{sheets:>8}{numbers}{seconds:>9.1f}"]
    for name, problems in found.items():
        lines += [f"    {name}: {problem.check}: {problem.text}" for problem in problems]
    print("\n".join(lines), flush=True)
    return not counts


def _finds_every_fault(reader: Reader) -> bool:
    """Return whether each check finds its fault on the page that has one of each, and no other."""
    reader.open(FAULTY.as_uri(), FAULTY.as_uri())
    reader.look_at()
    reader.judge()
    reader.print_out()
    found = Counter([*(problem.check for problem in reader.problems), *("links" for _ in broken_links(FAULTY))])
    expected = {"axe": 1, "requests": 1, "errors": 2, "sideways": 1, "contrast": 3, "print": 2, "links": 2}
    if found != expected:
        print(f"The page with a fault of each kind should show {expected}, and shows {dict(found)}:")
        print("\n".join(f"    {problem.check}: {problem.text}" for problem in reader.problems))
    return found == expected


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a folder as a web server does; yields its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the class above
        """Leave the lines of the page kinds alone on the terminal."""


if __name__ == "__main__":
    main()
