"""The command that makes kits."""

from flows.commands.kits import TOOLS
from warehouse.kits.kits import KITS


def test_the_command_names_every_kit() -> None:
    assert tuple(KITS) == TOOLS
