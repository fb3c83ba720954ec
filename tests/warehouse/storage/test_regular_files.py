"""Opening files that others may have placed: what is no regular file is refused at once, and no link is followed."""

import os
import socket
from pathlib import Path, PurePath

import pytest

from expectations.marts.suites import mart_suites
from warehouse.ledger.waivers import WaiverError, read_waivers
from warehouse.questionnaire.codelists import load_codelist
from warehouse.releases.catalogue import Release
from warehouse.reporting.obligations import load_obligations
from warehouse.storage.regular_files import open_below, read_regular
from warehouse.storage.sources import sources_version
from warehouse.transform.parsed_project import project_version
from warehouse.transform.staging_version import staging_version


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.csv").write_text("secret")
    folder = tmp_path / "shared"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.csv").write_text("sent")
    (folder / "in" / "link.csv").symlink_to(tmp_path / "secret" / "a.csv")
    (folder / "linked").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "in" / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket"))
    return folder


@pytest.mark.parametrize("place", ["in/link.csv", "linked/a.csv", "in/pipe.csv", "in", "socket", "in/none.csv"])
def test_what_is_no_file_below_the_folder_is_refused_at_once(folder: Path, place: str) -> None:
    with pytest.raises(OSError, match=place), open_below(folder, PurePath(place)):
        pass
    with open_below(folder, PurePath("in/a.csv")) as file:
        assert file.read() == b"sent"


def test_what_the_operator_names_may_be_a_link_but_no_pipe_or_device(folder: Path) -> None:
    assert read_regular(folder / "in" / "link.csv") == b"secret"
    for path in (folder / "in" / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(OSError, match="no regular file"):
            read_regular(path)


def test_no_pipe_in_place_of_a_codelist_model_waivers_or_a_package_is_waited_for(tmp_path: Path) -> None:
    for name in ("seeds/codelists/drugs.csv", "seeds/reference/reporting_obligations.csv", "w.yml", "datapackage.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(tmp_path / name)
    for read in (
        lambda: load_codelist(tmp_path / "seeds", "drugs"), lambda: load_obligations(tmp_path / "seeds"),
        lambda: staging_version(tmp_path), lambda: sources_version(tmp_path), lambda: project_version(tmp_path),
    ):  # fmt: skip
        with pytest.raises(OSError, match="no regular file"):
            read()
    (tmp_path / "models" / "marts").mkdir(parents=True)
    os.mkfifo(tmp_path / "models" / "marts" / "rpt_more.yml")
    with pytest.raises(OSError, match="no regular file"):
        mart_suites(tmp_path)
    with pytest.raises(WaiverError, match="no regular file"):
        read_waivers(tmp_path / "w.yml")
    assert not Release(1, tmp_path).is_readable
