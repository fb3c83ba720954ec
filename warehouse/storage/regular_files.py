"""Opening files that others may have placed: regular files only, so that no pipe, device or link is read.

A pipe would be waited for without end; a link would be read with our rights, although its target was not placed there.
"""

import errno
import os
import stat
from contextlib import suppress
from io import BufferedReader, TextIOWrapper
from pathlib import Path, PurePath

_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NO_REGULAR_FILE = "it is no regular file"
_LINKED = "it is a link, or lies behind one"


def open_regular(path: Path) -> BufferedReader:
    """Open a file that the operator names, links on the way to it included; raises OSError for what is no file."""
    return _opened(os.open(path, _READ), path)


def open_below(folder: Path, place: PurePath) -> BufferedReader:
    """Open a file at a place below a folder, without following a link below it; raises OSError.

    Each folder on the way is opened from the one before it, so that none can be replaced by a link meanwhile.
    """
    *parents, name = place.parts
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for parent in parents:
            inner = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=handle)
            os.close(handle)
            handle = inner
        return _opened(os.open(name, _READ | os.O_NOFOLLOW, dir_fd=handle), folder / place)
    except OSError as error:
        is_link = error.errno in (errno.ELOOP, errno.ENOTDIR)
        raise OSError(error.errno, _LINKED if is_link else error.strerror, str(folder / place)) from error
    finally:
        os.close(handle)


def read_regular(path: Path) -> bytes:
    """Return the bytes of a file; see open_regular."""
    with open_regular(path) as file:
        return file.read()


def open_text(path: Path) -> TextIOWrapper:
    """Open a file of UTF-8 text, with its line ends as they are; see open_regular."""
    return TextIOWrapper(open_regular(path), encoding="utf-8", newline="")


def is_regular(path: Path) -> bool:
    """Return whether a regular file itself is at this path, and not a link to one."""
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _opened(handle: int, path: Path) -> BufferedReader:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, _NO_REGULAR_FILE, str(path))
    return os.fdopen(handle, "rb")
