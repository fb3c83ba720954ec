"""Pages as PDF, printed on A4 by Chromium, which draws them as a browser does."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from filelock import FileLock

from warehouse.kits.errors import KitError
from warehouse.kits.folder import refuse_links
from warehouse.questionnaire.language import LANGUAGES
from warehouse.storage.durable import DRAFT, remove_left, replacing

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Nothing is asked of any network, and no folder of a user is read or written.
_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--no-pdf-header-footer",
)
_LONGEST = 120  # seconds for a page
_PDF = "pdf"


def print_pages(bulletin: Path) -> Iterator[Path]:
    """Print the newest month, the reports on years and the profiles of a bulletin, and yield each PDF file.

    They lie beside the bulletin, in ``pdf``/<release>, as two prints of a page are not the same bytes. Raises KitError
    without Chromium, or if it fails.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise KitError(
            "No page was printed: Chromium is not installed. Install it (Debian: chromium), or print the page from any "
            "browser. The bulletin itself is made."
        )
    folder = bulletin.parent / _PDF / bulletin.name
    refuse_links(folder, bulletin.parent)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / ".lock"):  # of two that print at once one waits
        for left in folder.glob(f"{DRAFT}*"):
            remove_left(left)
        for name in _printed(bulletin):
            for language in LANGUAGES:
                page = bulletin / f"{name}_{language}.html"
                yield _print(browser, page, folder / f"{page.stem}.pdf")


def _printed(bulletin: Path) -> list[str]:
    """Return the names of the pages that are printed, in order."""
    names = sorted(path.name.removesuffix("_en.html") for path in bulletin.glob("*_en.html"))
    newest = max((found[0] for name in names if (found := re.match(r"month-\d{4}-\d{2}", name))), default="")
    return [name for name in names if name.startswith(("year-", "country-")) or (newest and name.startswith(newest))]


def _print(browser: str, page: Path, target: Path) -> Path:
    """Print a page; the file of an earlier print is there until this one is whole."""
    # Chromium's own sandbox does not start for root, as in a container; the pages are ours and run no script.
    options = (*_OPTIONS, "--no-sandbox") if os.geteuid() == 0 else _OPTIONS
    with tempfile.TemporaryDirectory(prefix="sarai-") as profile:
        draft = Path(profile) / target.name
        command = [browser, *options, f"--user-data-dir={profile}", f"--print-to-pdf={draft}", page.resolve().as_uri()]
        if reason := _failure(command, draft):
            raise KitError(f"{page} was not printed: {reason}. Print it from any browser.")
        with replacing(target) as copy:
            shutil.copyfile(draft, copy)
    return target


def _failure(command: Sequence[str], draft: Path) -> str:
    """Return why a browser did not write its draft; nothing where it did."""
    try:
        # A browser that is installed, and pages that we wrote.
        result = subprocess.run(command, capture_output=True, timeout=_LONGEST, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"Chromium has not ended after {_LONGEST} seconds"
    if not result.returncode and draft.exists():
        return ""
    return result.stderr.decode(errors="replace").strip().rpartition("\n")[2].rstrip(".") or "Chromium wrote nothing"
