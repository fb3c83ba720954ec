"""The result of a query as Arrow lays columns out in memory, read where it lies.

DuckDB hands it over by the Arrow C stream interface (https://arrow.apache.org/docs/format/CStreamInterface.html), which
needs no library of Arrow.
"""

from collections.abc import Iterator, Sequence
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    byref,
    c_char,
    c_char_p,
    c_int,
    c_int64,
    c_void_p,
    cast,
    py_object,
    pythonapi,
)
from dataclasses import dataclass
from typing import Any, NamedTuple

import duckdb


class _Schema(Structure):
    pass


class _Array(Structure):
    pass


class _Stream(Structure):
    pass


_Schema._fields_ = [
    ("format", c_char_p), ("name", c_char_p), ("metadata", c_void_p), ("flags", c_int64), ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))), ("dictionary", c_void_p), ("release", CFUNCTYPE(None, POINTER(_Schema))),
    ("private_data", c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", c_int64), ("null_count", c_int64), ("offset", c_int64), ("n_buffers", c_int64), ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)), ("children", POINTER(POINTER(_Array))), ("dictionary", c_void_p),
    ("release", CFUNCTYPE(None, POINTER(_Array))), ("private_data", c_void_p),
]  # fmt: skip
_Stream._fields_ = [
    ("get_schema", CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Schema))),
    ("get_next", CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))),
    ("get_last_error", CFUNCTYPE(c_char_p, POINTER(_Stream))),
    ("release", CFUNCTYPE(None, POINTER(_Stream))), ("private_data", c_void_p),
]  # fmt: skip
_pointer_of = pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = c_void_p, (py_object, c_char_p)


class Column(NamedTuple):
    """A column of a batch, by the columnar format of Arrow; ``length`` values, little-endian.

    ``validity`` has a bit for each value, 1 where it is not null, the lowest bit first; None where no value is null.
    ``values`` has values of equal width; what stands for null is undefined. For text it has the offsets (int32) of its
    ``length`` values and of the end in ``text``, which is UTF-8. They are gone with the next batch.
    """

    length: int
    validity: memoryview | None
    values: memoryview
    text: memoryview | None


def read_batches(connection: duckdb.DuckDBPyConnection, query: str, widths: list[int | None]) -> Iterator[list[Column]]:
    """Yield the result of a query in batches of at most a million rows; ``widths`` are those of its columns in bytes.

    The width of text is None. Raises duckdb.Error when the query fails.
    """
    capsule = connection.sql(query).__arrow_c_stream__()
    stream = cast(_pointer_of(capsule, b"arrow_array_stream"), POINTER(_Stream))
    while True:
        batch = _Array()
        if stream.contents.get_next(stream, byref(batch)):
            raise duckdb.Error((stream.contents.get_last_error(stream) or b"").decode())
        if not batch.release:
            return
        try:
            yield [_column(batch.children[place].contents, width) for place, width in enumerate(widths)]
        finally:
            batch.release(byref(batch))


def _column(array: Any, width: int | None) -> Column:
    length = array.length
    validity = _view(array.buffers[0], (length + 7) // 8) if array.buffers[0] else None
    if width is not None:
        return Column(length, validity, _view(array.buffers[1], length * width), None)
    offsets = _view(array.buffers[1], 4 * (length + 1))
    return Column(length, validity, offsets, _view(array.buffers[2], offsets.cast("i")[length]))


def _view(address: int | None, size: int) -> memoryview:
    return memoryview((c_char * size).from_address(address)).cast("B") if address and size else memoryview(b"")


@dataclass(frozen=True)
class Laid:
    """A column that is cut into blocks: for each row whether it has a value, unless all have; values, and text.

    ``values`` have ``width`` bytes each; those of text are its lengths, and ``ends`` is where each block begins in it.
    """

    width: int
    values: memoryview
    is_there: memoryview | None
    counts: Sequence[int] | None
    text: memoryview | None
    ends: Sequence[int]


def lay_out(column: Column, width: int | None, bounds: Sequence[int]) -> Laid:
    """Return a column whose blocks begin at ``bounds``, of which the last is the end; null has the value 0 or no text.

    Raises RuntimeError when it is not as long.
    """
    import numpy as np

    if column.length != bounds[-1]:
        raise RuntimeError(f"{bounds[-1]} rows were asked for and {column.length} came")
    is_there, counts = None, None
    if column.validity is not None:
        bits = np.frombuffer(column.validity, np.uint8)
        is_there = np.unpackbits(bits, count=column.length, bitorder="little")
        counts = np.add.reduceat(is_there, bounds[:-1], dtype=np.int64).tolist()
    there = None if is_there is None else is_there.data
    if width is None:
        offsets = np.frombuffer(column.values, "<i4")
        lengths = np.diff(offsets).view(np.uint8).data
        return Laid(4, lengths, there, counts, column.text, offsets[list(bounds)].tolist())
    if is_there is None:
        return Laid(width, column.values, None, None, None, ())
    numbers = np.frombuffer(column.values, f"<u{width}")
    values = np.where(is_there, numbers, numbers.dtype.type(0)).view(np.uint8).data
    return Laid(width, values, there, counts, None, ())
