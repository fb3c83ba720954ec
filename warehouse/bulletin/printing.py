"""Pages as PDF, printed on A4 by Chromium, which draws them as a browser does."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from warehouse.kits.errors import KitError
from warehouse.questionnaire.language import LANGUAGES

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
    folder.mkdir(parents=True, exist_ok=True)
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
        result = subprocess.run(  # noqa: S603 - a browser that is installed, and pages that we wrote
            [browser, *options, f"--user-data-dir={profile}", f"--print-to-pdf={draft}", page.resolve().as_uri()],
            capture_output=True, timeout=_LONGEST, check=False,
        )  # fmt: skip
        if result.returncode or not draft.exists():
            reason = result.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise KitError(f"{page} was not printed: {reason or 'Chromium wrote nothing'}. Print it from any browser.")
        shutil.copyfile(draft, target.with_suffix(".new"))
    target.with_suffix(".new").replace(target)
    return target
