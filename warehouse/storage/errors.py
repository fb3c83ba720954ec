"""Errors for the operator, and no others: everything else that is raised is a fault of ours or of the machine."""


class SaraiError(RuntimeError):
    """Something that the operator can put right; the message says what is wrong, where, and the next step.

    A command prints the message, without a traceback, and ends with status 1; a flow run fails with it.
    """


def with_causes(error: BaseException) -> list[BaseException]:
    """Return an error and all that it was raised from, meanwhile or for, each once, though they may name each other."""
    found = [error]
    for one in found:
        members = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        found += [cause for cause in (one.__cause__, one.__context__, *members) if cause and cause not in found]
    return found
