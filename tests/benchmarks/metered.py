"""A command of sarai whose steps are metered: ``python tests/benchmarks/metered.py FILE ingest|publish``.

Appends to FILE a line ``step<TAB>CPU seconds`` for each step, of this process and of those that it waited for.
"""

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flows.ingest
import flows.publish
from flows.commands.cli import main

STEPS = {
    flows.ingest: ("receive", "land", "stage", "check", "decide", "answer"),
    flows.publish: ("prove", "build", "check", "check_public", "release"),
}


def spent() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in usage)


def metered(name: str, step: Callable[..., Any], file: Path) -> Callable[..., Any]:
    def run(*arguments: Any, **options: Any) -> Any:
        begin = spent()
        try:
            return step(*arguments, **options)
        finally:
            with file.open("a", encoding="utf-8") as lines:
                lines.write(f"{name}\t{spent() - begin}\n")

    return run


if __name__ == "__main__":
    for module, names in STEPS.items():
        for name in names:
            setattr(module, name, metered(name, getattr(module, name), Path(sys.argv[1])))
    sys.argv[1:] = sys.argv[2:]
    main()
