"""The command that makes kits."""

import shutil

import pytest
from click.testing import CliRunner

from flows.commands.cli import main
from flows.commands.kits import TOOLS
from warehouse.kits.kits import KITS
from warehouse.releases.catalogue import current_release
from warehouse.storage.settings import Settings


def test_the_command_names_every_kit() -> None:
    assert tuple(KITS) == TOOLS


def test_of_all_kits_those_that_show_nothing_are_named_and_are_no_error(
    golden: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SARAI_HOME", str(golden.root))
    monkeypatch.setattr("flows.commands.kits.TOOLS", ("sdmx",))
    said = CliRunner().invoke(main, ["kit", "all"])
    assert (said.exit_code, said.output) == (0, "Left out, with nothing to show for members: sdmx.\n")
    alone = CliRunner().invoke(main, ["kit", "sdmx"])
    assert (alone.exit_code, alone.output) == (
        1, "Series in SDMX are those of the public edition. Make the kit with --public.\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--for", "public"], "The kit for public is made with --public."),
        (["--for", "Members"], "The kit for members is made without --for."),
        (["--for", "KAZ", "--public"], "leave out --public or --for"),
    ],
)
def test_a_reader_who_is_named_in_another_way_is_told_how(options: list[str], reason: str) -> None:
    said = CliRunner().invoke(main, ["kit", "sdmx", *options])
    assert said.exit_code == 2
    assert reason in " ".join(said.output.split())


def test_without_a_public_edition_the_command_says_that_the_annex_is_left_out(warehouse: Settings) -> None:
    release = current_release(warehouse)
    assert release
    shutil.rmtree(release.public)
    said = CliRunner().invoke(main, ["kit", "excel"])
    assert said.exit_code == 0
    assert said.output.splitlines()[0] == "Release 1 has no public edition, so its Excel kit is without annex."
    assert "excel: 2 files" in said.output
