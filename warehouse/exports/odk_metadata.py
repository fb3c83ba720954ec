"""Metadata of filled forms: the columns that KoboToolbox and ODK Central add to the answers, and which of them we keep.

A record's identifiers, its times and the form's version are kept, because they lead from a row back to the filled form.
Who sent it, from which telephone and from where is personal data: names and numbers of users, devices and SIM cards,
coordinates, attachments with the user's name in their address, notes and validation by the server's staff. None of that
reaches the database. Neither does any other column of the server's own, until it has been reviewed. The vault keeps
the file as received: a sender who does not want these columns there has to leave them out of the export.
"""

import re
from collections.abc import Iterable
from typing import Literal

_KEPT_HEADINGS = {
    # KoboToolbox
    "_id", "_uuid", "_submission_time", "_status", "_xform_id_string", "__version__", "_index", "_parent_index",
    "_parent_table_name", "formhub/uuid", "meta/instanceid", "meta/rootuuid", "meta/deprecatedid", "start", "end",
    "today",
    # ODK Central
    "key", "parent_key", "submissiondate", "status", "reviewstate", "edits", "formversion", "__id", "__submissions/id",
    "__system/submissiondate", "__system/updatedat", "__system/status", "__system/reviewstate", "__system/edits",
    "__system/formversion",
}  # fmt: skip
_LEFT_OUT_HEADINGS = {
    "deviceid", "simserial", "subscriberid", "phonenumber", "username", "email", "audit", "start/geopoint",
    "submitterid", "submittername", "attachmentspresent", "attachmentsexpected", "instanceid", "instancename",
}  # fmt: skip
_SERVER_COLUMN = re.compile(r"_|meta/|formhub/|start/geopoint")
_EXPORT_HEADINGS = {
    "_uuid", "_submission__uuid", "_parent_table_name", "_parent_index", "parent_key", "meta/instanceid",
    "formhub/uuid", "__id",
}  # fmt: skip
_PARENT_REFERENCES = {"_submission__uuid", "_parent_index", "parent_key", "__submissions/id"}
_RECORD_IDENTIFIERS = {"_uuid", "_index", "key", "meta/instanceid", "__id"}
_RECORD_PREFIX = "_submission_"


def metadata_kind(heading: str) -> Literal["kept", "left out"] | None:
    """Return what becomes of a column of metadata, None for an answer; no question of ours has such a name."""
    key = _comparable(heading)
    if key in _KEPT_HEADINGS:
        return "kept"
    if key in _LEFT_OUT_HEADINGS or key.endswith("@odata.navigationlink"):
        return "left out"
    if key.startswith(_RECORD_PREFIX):
        return metadata_kind(key.removeprefix(_RECORD_PREFIX)) or "left out"
    return "left out" if _SERVER_COLUMN.match(key) else None


def is_export(headings: Iterable[str]) -> bool:
    """Tell whether headings are those of an export: at least one is of the kind that only a server writes."""
    return any(_comparable(heading) in _EXPORT_HEADINGS for heading in headings)


def is_repeat(headings: Iterable[str]) -> bool:
    """Tell whether headings are those of a repeat, whose rows refer to the record that they belong to."""
    return any(_comparable(heading) in _PARENT_REFERENCES for heading in headings)


def row_name(heading: str) -> str:
    """Return the heading under which metadata of a row is kept; a plain id would be read as the record number."""
    return "_row_id" if _comparable(heading) in ("_id", "__id") else heading


def record_name(heading: str) -> str:
    """Return the heading under which a record's metadata is kept in its rows, as in KoboToolbox's workbook."""
    return f"{_RECORD_PREFIX}{heading}"


def parents(metadata: dict[str, str]) -> list[str]:
    """Return the identifiers by which a row refers to its record."""
    return _identifiers(metadata, _PARENT_REFERENCES)


def identifiers(metadata: dict[str, str]) -> list[str]:
    """Return the identifiers by which rows may refer to a record."""
    return _identifiers(metadata, _RECORD_IDENTIFIERS)


def _identifiers(metadata: dict[str, str], headings: set[str]) -> list[str]:
    return [_identifier(name, value) for name, value in metadata.items() if value and _comparable(name) in headings]


def _identifier(name: str, value: str) -> str:
    """Return an identifier; an index gets a prefix, as it counts records of this file and could equal another's id."""
    return f"#{value}" if name.endswith("_index") else value.removeprefix("uuid:")


def _comparable(heading: str) -> str:
    return heading.strip().casefold().replace("-", "/")
