"""The units for systemd: systemd understands them, nothing runs as root, and what they start is what is tested."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from flows.commands.cli import main
from warehouse.storage.settings import REPOSITORY, Settings

UNITS = sorted((REPOSITORY / "docs" / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]


def lines(path: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Where the programs are installed is not here: the units start one that is there instead."""
    for path in UNITS:
        text = re.sub(r"/srv/sarai/[.]venv/bin/\w+", "/bin/true", path.read_text(encoding="utf-8"))
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--recursive-errors=no", *(str(tmp_path / path.name) for path in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_runs_confined_and_by_settings_that_exist(path: Path) -> None:
    assert lines(path, "User") == ["sarai"]
    assert (lines(path, "NoNewPrivileges"), lines(path, "ProtectSystem")) == (["yes"], ["strict"])
    known = {f"SARAI_{name.upper()}" for name in Settings.model_fields}
    assert {*re.findall(r"SARAI_[A-Z_]+", "\n".join(lines(path, "Environment")))} <= known
    [program, *words] = lines(path, "ExecStart")[0].split()
    if program.endswith("/sarai"):
        assert isinstance(main.commands[words[0]], click.Command)
    else:  # those that test_flow_runs.py starts
        assert " ".join(words).startswith(("server start --host 127.0.0.1", "worker start --pool sarai --limit 1"))
