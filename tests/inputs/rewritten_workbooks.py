"""Workbooks whose XML says what openpyxl does not write."""

import zipfile
from pathlib import Path


def rewrite(path: Path, part: str, *changes: tuple[bytes, bytes]) -> None:
    """Replace in a part of a workbook what stands there by something else."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for old, new in changes:
        assert old in contents[part]
        contents[part] = contents[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
