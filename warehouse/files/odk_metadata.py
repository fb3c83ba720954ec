"""Metadata of filled forms: what KoboToolbox and ODK Central write beside the answers, and what of it is kept.

A record's identifiers, its times and the form's version are kept, for they lead from a row back to the form that was
sent. Who sent it, from which telephone and from where is personal data: names and numbers of users, devices and SIM
cards, coordinates, attachments with the user's name in their address, notes and verdicts of whoever runs the server.
None of that reaches the database. Any other name of the server's own is left out as well, until somebody has looked at
it. The vault keeps the file as it was received: who does not want that there leaves these columns out of the export.
"""

import re
from collections.abc import Iterable
from typing import Literal

_KEPT = {
    # KoboToolbox
    "_id", "_uuid", "_submission_time", "_status", "_xform_id_string", "__version__", "_index", "_parent_index",
    "_parent_table_name", "formhub/uuid", "meta/instanceid", "meta/rootuuid", "meta/deprecatedid", "start", "end",
    "today",
    # ODK Central
    "key", "parent_key", "submissiondate", "status", "reviewstate", "edits", "formversion", "__id", "__submissions/id",
    "__system/submissiondate", "__system/updatedat", "__system/status", "__system/reviewstate", "__system/edits",
    "__system/formversion",
}  # fmt: skip
_LEFT_OUT = {
    "deviceid", "simserial", "subscriberid", "phonenumber", "username", "email", "audit", "start/geopoint",
    "submitterid", "submittername", "attachmentspresent", "attachmentsexpected", "instanceid", "instancename",
}  # fmt: skip
_OWN_TO_SERVER = re.compile(r"_|meta/|formhub/|start/geopoint")
_MARKS = {"_uuid", "_submission__uuid", "_parent_table_name", "_parent_index", "parent_key", "meta/instanceid",
          "formhub/uuid", "__id"}  # fmt: skip
_TO_PARENT = {"_submission__uuid", "_parent_index", "parent_key", "__submissions/id"}
_OF_RECORD = {"_uuid", "_index", "key", "meta/instanceid", "__id"}
_RECORD = "_submission_"


def metadata_kind(heading: str) -> Literal["kept", "left out"] | None:
    """Return what becomes of a column that is metadata, None for an answer: a question of ours has no such name."""
    key = _key(heading)
    if key in _KEPT:
        return "kept"
    if key in _LEFT_OUT or key.endswith("@odata.navigationlink"):
        return "left out"
    if key.startswith(_RECORD):
        return metadata_kind(key.removeprefix(_RECORD)) or "left out"
    return "left out" if _OWN_TO_SERVER.match(key) else None


def is_export(headings: Iterable[str]) -> bool:
    """Tell whether headings are those of an export: some are of the kind that nobody writes by hand."""
    return any(_key(heading) in _MARKS for heading in headings)


def is_repeat(headings: Iterable[str]) -> bool:
    """Tell whether headings are those of a repeat, whose rows name the record that they belong to."""
    return any(_key(heading) in _TO_PARENT for heading in headings)


def row_name(heading: str) -> str:
    """Return the name under which metadata of a row is kept; a bare id would be taken for the record number."""
    return "_row_id" if _key(heading) in ("_id", "__id") else heading


def record_name(heading: str) -> str:
    """Return the name under which metadata of a record is kept in its rows, which is KoboToolbox's own."""
    return f"{_RECORD}{heading}"


def parents(metadata: dict[str, str]) -> list[str]:
    """Return the names by which a row calls its record."""
    return [_identifier(name, value) for name, value in metadata.items() if value and _key(name) in _TO_PARENT]


def identifiers(metadata: dict[str, str]) -> list[str]:
    """Return the names by which rows may call a record."""
    return [_identifier(name, value) for name, value in metadata.items() if value and _key(name) in _OF_RECORD]


def _identifier(name: str, value: str) -> str:
    """Return an identifier; a number counts records in its own file and could else be another's id."""
    return f"#{value}" if name.endswith("_index") else value.removeprefix("uuid:")


def _key(heading: str) -> str:
    return heading.strip().casefold().replace("-", "/")
