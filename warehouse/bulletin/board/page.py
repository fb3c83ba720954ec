"""The page of the board, beside the bulletins of the centre."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.bulletin.board.house import house_parts
from warehouse.bulletin.board.region import region_parts
from warehouse.bulletin.board.reports import report_parts
from warehouse.bulletin.edition import open_edition
from warehouse.bulletin.front.page import FRONT
from warehouse.bulletin.pages import Page, render
from warehouse.dictionary.pages import page_name
from warehouse.kits.folder import refuse_links
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES
from warehouse.storage.durable import replace_file
from warehouse.storage.permissions import create_folder, private_files
from warehouse.words.catalogue import N_

BOARD = "board"


def write_board(connection: duckdb.DuckDBPyConnection, source: Source, now: datetime) -> list[Path]:
    """Write the board as of ``now`` (UTC) beside the bulletins of the centre, in both languages; returns the pages.

    ``connection`` is the working database with its ledger, ``source`` the current release as the centre sees it. What a
    page tells changes every day and is in no release, so it stands outside of the bulletin of one, and is replaced. The
    same state and time give the same bytes. Raises ObligationError, and KitError where a link would lead it elsewhere.
    """
    english, folder = open_edition(source), source.settings.bulletin / source.audience
    refuse_links(folder, source.settings.bulletin)
    paths = []
    create_folder(folder)
    for language in LANGUAGES:
        edition = replace(english, language=language)
        bulletin = folder / str(source.release.number) / page_name(FRONT, language)
        page = Page(
            name=BOARD,
            title=edition.say(N_("Board of the centre")),
            lede=edition.say(
                N_("What waits this morning, and what comes next. As of {time} UTC."), time=f"{now:%Y-%m-%d %H:%M}"
            ),
            template="board.html.j2",
            values={
                "parts": [
                    *report_parts(connection, edition),
                    *region_parts(edition),
                    *house_parts(connection, edition, now),
                ],
                "bulletin": bulletin.relative_to(folder).as_posix() if bulletin.exists() else "",
            },
        )
        path = folder / page_name(BOARD, language)
        with private_files():
            replace_file(path, f"{render(page, edition, [])}\n".encode())
        paths.append(path)
    return paths
