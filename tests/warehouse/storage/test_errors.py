"""What stands behind an error."""

from warehouse.storage.errors import with_causes


def test_errors_that_name_each_other_are_found_once_each() -> None:
    first, second, member = RuntimeError("first"), RuntimeError("second"), RuntimeError("member")
    group = ExceptionGroup("group", [member])
    first.__cause__, first.__context__, second.__context__ = second, group, first
    assert with_causes(first) == [first, second, group, member]
