"""Arrivals: which files lie in the inbox or at other paths, under which name, and what there is passed over."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from warehouse.findings.finding import Finding, shortened
from warehouse.questionnaire.language import Language
from warehouse.words.catalogue import N_, Argument, fill, translate

_PERIOD = re.compile(r"[\d._-]+")
# What browsers and programs that transfer files call one that is not complete, and editors one that is not the last.
UNFINISHED = (
    ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".tmp", ".swp", ".bak", ".old",
    ".orig", "~",
)  # fmt: skip
# What Windows, macOS and network drives put beside files that are looked at.
SYSTEM = ("thumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "__macosx", "@eadir", "#recycle")
_LINK, _HIDDEN, _UNFINISHED, _NO_FILE = N_("a link"), N_("hidden"), N_("unfinished or a backup"), N_("no file")
_SYSTEM = N_("of the system")
_NAMED_AT_MOST = 5
_PASSED_OVER = N_("Passed over {count} names: {names}.")
_AND_MORE = N_("{names} and {count} more")
_FOLLOW = N_("A link is not followed: mount the folder there, or name it after the command.")
_CLOSED = N_("the folder cannot be listed ({reason}), so nothing in it is read. Check its permissions.")


@dataclass(frozen=True)
class Arrival:
    """A file in the inbox; ``name`` is its path relative to ``root``, as valid Unicode: e.g. KAZ/KAZ_2012-12.csv."""

    path: Path
    name: str
    root: Path


@dataclass
class Found:
    """What lies at paths: files by name, name → why it is passed over, and findings about folders that are closed."""

    arrivals: list[Arrival] = field(default_factory=list)
    passed_over: dict[str, str] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)


def describe_passed_over(passed_over: Mapping[str, str], language: Language) -> str:
    """Say how many names are passed over, and name the first of them, links before others."""
    ordered = sorted(passed_over.items(), key=lambda item: (item[1] != _LINK, item[0]))
    named = [f"{name} ({translate(reason, language)})" for name, reason in ordered[:_NAMED_AT_MOST]]
    names = ", ".join(named)
    if len(ordered) > len(named):
        names = fill(_AND_MORE, {"names": names, "count": len(ordered) - len(named)}, language)
    words = fill(_PASSED_OVER, {"names": names, "count": len(ordered)}, language)
    return f"{words} {translate(_FOLLOW, language)}" if _LINK in passed_over.values() else words


def find_arrivals(paths: Sequence[Path], members: Iterable[str], inbox: Path) -> Found:
    """Return what lies at and below the paths; raises FileNotFoundError for a path that does not exist.

    A path is a folder of country folders, a country's folder, or a file; ``members`` are the alpha-3 codes that name
    country folders. Names begin below the inbox or, of files elsewhere, with the country's folder.

    Passed over are files and folders that are hidden, unfinished or backups of editors, symbolic links (their targets
    were not sent by the country) and what is not a regular file (a pipe would never end).
    """
    known, found = set(members), Found()
    arrivals: dict[Path, Arrival] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path} is not there. Name a file, or a folder that holds KAZ, KGZ …")
        start = path.resolve()
        root = _root(start, known, inbox.resolve())
        if not (start.is_file() or start.is_dir()):
            found.passed_over[_readable(start.relative_to(root))] = _NO_FILE
            continue
        for file in [start] if start.is_file() else _walk(start, root, found):
            arrivals[file] = Arrival(file, _readable(file.relative_to(root)), root)
    found.arrivals = sorted(arrivals.values(), key=lambda arrival: arrival.name)
    return found


def _root(path: Path, members: set[str], inbox: Path) -> Path:
    """Return the folder that file names are relative to: the inbox or, elsewhere, the parent of the country's folder.

    A country's folder holds files, or folders of years and months. One further up says nothing about the sender.
    """
    if path.is_relative_to(inbox):
        return inbox
    own = path if path.is_dir() else path.parent
    for folder in (own, *own.parents):
        if folder.name.upper() in members:
            return folder.parent
        if not _PERIOD.fullmatch(folder.name):
            break
    return own


def _walk(folder: Path, root: Path, found: Found) -> Iterator[Path]:
    """Yield the files below a folder, and add to what was found what is none and what cannot be looked at.

    Folders wait in a list: the call stack is not as deep as folders may be nested.
    """
    waiting = [folder]
    while waiting:
        parent = waiting.pop()
        try:
            with os.scandir(parent) as entries:
                names = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            found.problems.append(_closed(parent.relative_to(root), error))
            continue
        for entry in names:
            path = parent / entry.name
            try:
                reason, is_folder = _why_passed_over(entry), entry.is_dir(follow_symlinks=False)
            except OSError:  # the file system does not say what it is, and we may not look: receiving it says why
                reason, is_folder = None, False
            if reason:
                found.passed_over[_readable(path.relative_to(root))] = reason
            elif is_folder:
                waiting.append(path)
            else:
                yield path


def _closed(folder: Path, error: OSError) -> Finding:
    arguments: dict[str, Argument] = {"file_name": shortened(_readable(folder)), "reason": error.strerror}
    return Finding(None, "error", "file_not_received", _CLOSED, arguments=arguments)


def _why_passed_over(entry: os.DirEntry[str]) -> str | None:
    """Return why a name is passed over, None for a file that was sent and for a folder.

    The folder says what an entry is: a file that cannot be accessed is named where it is received.
    """
    if entry.is_symlink():
        return _LINK
    if entry.name.startswith("."):
        return _HIDDEN
    if entry.name.startswith("~$") or entry.name.lower().endswith(UNFINISHED):
        return _UNFINISHED
    if entry.name.lower() in SYSTEM:
        return _SYSTEM
    is_sent = entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
    return None if is_sent else _NO_FILE


def _readable(path: Path) -> str:
    """Return a path as valid Unicode: undecodable bytes become the replacement character."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")
