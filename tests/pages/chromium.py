"""A page in Chromium: what it asks for, what Chromium and axe-core find wrong, and how it is printed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Playwright, Request, sync_playwright

BROWSER = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
DESK, TELEPHONE = (1280, 900), (390, 844)  # pixels
PAPER = (695, 1000)  # pixels of an A4 sheet within the margins of the bulletin
A4 = {"594.96 841.92"}  # points
CHARTS = Path(__file__).with_name("charts.js").read_text(encoding="utf-8")
# What is wider than its box scrolls on a screen, and is cut off on paper.
CUT_OFF = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
    .map(one => `${one.scrollWidth} pixels on ${one.clientWidth}: ${one.outerHTML.slice(0, 80)}`)"""
WIDEST = """() => [...document.querySelectorAll("body *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => `<${one.tagName.toLowerCase()} class="${one.className.baseVal ?? one.className}">`)[0]"""
RULES = """(options) => axe.run({resultTypes: ["violations"], ...options}).then(found => found.violations.map(
    one => `${one.id}: ${one.help}: ${one.nodes.length} times, first in ${one.nodes[0].html.slice(0, 160)}`))"""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a page: which check found it, and where."""

    check: str
    text: str


class Reader:
    """A page of Chromium that opens one address after another; all that it notices is kept in ``problems``."""

    def __init__(self, page: Page) -> None:
        self.problems: list[Problem] = []
        self._page, self._origin, self._asked = page, "", ""
        page.on("request", self._notice_request)
        page.on("console", lambda said: self._note("errors", said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._note("errors", str(error)))

    def open(self, address: str, origin: str) -> None:
        """Open a page at a desk; it may ask for itself alone, and for nothing outside of ``origin``."""
        self.problems, self._origin, self._asked = [], origin, address
        self._resize(DESK)
        self._page.goto(address)

    def judge(self) -> None:
        """Let axe-core judge the page: at a desk by all its rules, on a telephone by that on what scrolls there."""
        self._page.evaluate(AXE_SCRIPT)
        self._resize(TELEPHONE)
        self._note_all("axe", self._page.evaluate(RULES, {"runOnly": ["scrollable-region-focusable"]}))
        self._resize(DESK)
        self._note_all("axe", self._page.evaluate(RULES, {}))

    def look_at(self) -> None:
        """Check the contrast of charts, that the page fits a telephone, and that nothing is cut off on paper."""
        style = self._page.add_style_tag(content="svg * { pointer-events: all !important; }")
        self._note_all("contrast", self._page.evaluate(CHARTS))
        style.evaluate("style => style.remove()")
        self._resize(TELEPHONE)
        width = self._page.evaluate("document.documentElement.scrollWidth")
        if width > TELEPHONE[0]:
            self._note("sideways", f"{width} pixels wide on {TELEPHONE[0]}, by {self._page.evaluate(WIDEST)}")
        self._resize(PAPER)
        self._page.emulate_media(media="print")
        self._note_all("print", self._page.evaluate(CUT_OFF))
        self._page.emulate_media(media="null")

    def print_out(self) -> int:
        """Print the page, and return the number of sheets, which have to be A4."""
        printed = self._page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
        sizes = {f"{float(width):.2f} {float(height):.2f}" for width, height in boxes}
        if sizes != A4:
            self._note("print", f"sheets of {', '.join(sorted(sizes)) or 'no size'} points, and not of A4")
        return len(re.findall(rb"/Type /Page\b", printed))

    def _resize(self, size: tuple[int, int]) -> None:
        self._page.set_viewport_size({"width": size[0], "height": size[1]})

    def _notice_request(self, request: Request) -> None:
        if not request.url.startswith(self._origin):
            self._note("requests", f"{request.url} is elsewhere")
        elif request.url != self._asked:
            self._note("requests", f"{request.url} is asked for beside the page")

    def _note(self, check: str, text: str) -> None:
        self.problems.append(Problem(check, " ".join(text.split())))

    def _note_all(self, check: str, texts: Any) -> None:
        for text in texts:
            self._note(check, text)


@contextmanager
def chromium() -> Iterator[Reader]:
    """Start Chromium, which ends with the block."""
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=[*ARGUMENTS])
        try:
            yield Reader(browser.new_page())
        finally:
            browser.close()
