"""Units for systemd and containers: they can be read, nothing runs as root, and what they start is what is tested."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from flows.commands.cli import main
from warehouse.storage.settings import REPOSITORY, Settings

UNITS = sorted((REPOSITORY / "docs" / "systemd").iterdir())
COMPOSE = yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))
STARTED = ("server start --host ", "worker start --pool sarai --limit 1")  # what test_flow_runs.py starts
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
    else:
        assert " ".join(words).startswith(STARTED)


@pytest.mark.parametrize("service", COMPOSE["services"].values(), ids=COMPOSE["services"].keys())
def test_a_container_runs_confined_by_settings_that_exist_and_takes_secrets_from_files(service: dict[str, Any]) -> None:
    assert service["user"] not in ("root", "0")
    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert re.fullmatch(r"\w+:\d[\w.-]*", service["image"])
    assert service["healthcheck"]["test"]
    known = {f"SARAI_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in service["environment"] if name.startswith("SARAI_")} <= known
    assert not [name for name in service["environment"] if "PASSWORD" in name and not name.endswith("_FILE")]
    assert {*service.get("secrets", ())} <= COMPOSE["secrets"].keys()
    assert {volume.partition(":")[0] for volume in service["volumes"]} <= COMPOSE["volumes"].keys()
    if "command" in service:
        assert " ".join(service["command"][1:]).startswith(STARTED)
