"""Requests to read files that a test has made, and one that kills whoever reads it."""

import hashlib
import re
import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from warehouse.intake.landing import Request
from warehouse.storage.settings import Settings

CONTENT = b"Date;Drug;Quantity;Unit\n2024-05-01;heroin;1;kg\n"


def request_for(folder: Path, name: str, content: bytes) -> Request:
    path = folder / name
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    received_at = datetime(2024, 6, 1)
    return Request(path, sha256, len(content), f"KAZ/{name}", received_at, Settings().codelists, folder)


def far_cell_with_false_dimension(folder: Path) -> bytes:
    """A workbook that kills the reader: it declares one cell and holds another far away."""
    book = Workbook()
    book.active["XFD50000"] = "x"
    book.save(folder / "far")
    with zipfile.ZipFile(folder / "far") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts[part])
    with zipfile.ZipFile(folder / "far", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return (folder / "far").read_bytes()
