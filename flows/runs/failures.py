"""What stopped the tasks of a flow that goes on with the others when one fails."""

from collections.abc import Sequence
from typing import Any, TypeVar

from prefect.client.schemas.objects import State

from warehouse.storage.errors import SaraiError

T = TypeVar("T")


def results_of(states: Sequence[State[T]]) -> list[T | Exception]:
    """Return what tasks returned, or what stopped them, in their order."""
    found: list[Any] = [state.result(raise_on_failure=False) for state in states]
    return found


def raise_all(results: Sequence[object], kind: type[SaraiError]) -> None:
    """Raise what stopped tasks, if anything did: of several of our own errors one of a kind says all."""
    errors = [result for result in results if isinstance(result, BaseException)]
    if len(errors) > 1 and all(isinstance(error, SaraiError) for error in errors):
        raise kind(" ".join(map(str, errors)))
    if errors:
        raise errors[0]
