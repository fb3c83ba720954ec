"""Packages of Debian that a program of the tests needs."""

import os
import subprocess
from collections.abc import Sequence


def install(packages: Sequence[str]) -> str:
    """Install what is missing of packages; return what is to be done instead, or why it failed."""
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n", *packages]
    done = subprocess.run(query, check=False, capture_output=True, text=True) if packages else None
    there = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("installed ")} if done else set()
    missing = [package for package in packages if package not in there]
    if not missing:
        return ""
    if os.geteuid() != 0:
        return f"not installed: apt-get install --no-install-recommends {' '.join(missing)}"
    _apt("update")
    ended = _apt("install", "-y", "--no-install-recommends", *missing)
    return f"cannot be installed: {ended.stderr.strip()[-300:]}" if ended.returncode else ""


def _apt(*arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["apt-get", "-qq", *arguments], check=False, capture_output=True, text=True, env=environment)
