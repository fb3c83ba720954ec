"""Packages that only some commands need: whether they are there and work, before anything is made with them."""

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec


def require_packages(names: Iterable[str], lock: str, error: Callable[[str], Exception]) -> None:
    """Raise ``error``, with the next step, for a package that is not installed or cannot be imported.

    That a package is found does not say that it works: a library that it needs may be missing, or be of another
    machine. ``lock`` is the file of requirements that has the packages.
    """
    for name in names:
        try:
            import_module(name)
        except (ImportError, OSError) as reason:
            found = find_spec(name)
            if found is None:
                raise error(f"The package {name} is not installed. Install {lock}.") from reason
            told = " ".join(str(reason).split())
            raise error(
                f"The package {name} in {found.origin} cannot be imported: {told}. Install {lock} anew, with the "
                "option --force-reinstall of pip, on this machine."
            ) from reason
