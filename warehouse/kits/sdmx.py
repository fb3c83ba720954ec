"""The SDMX kit: structures in SDMX-ML 2.1, in English and Russian, and a file of SDMX-CSV 2.0 for each dataflow."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.kits.errors import NothingToShowError
from warehouse.kits.sdmx_flows import Dataflow, Flows, defined_flows
from warehouse.kits.source import Source
from warehouse.questionnaire.definition import Words
from warehouse.questionnaire.language import LANGUAGES, Bilingual, in_language
from warehouse.storage.sql import literal
from warehouse.words.catalogue import Phrase

if TYPE_CHECKING:
    from sdmx.model.common import Agency, Codelist, ConceptScheme, MaintainableArtefact
    from sdmx.model.v21 import DataStructureDefinition

_AGENCY, _VERSION = "SARAI", "1.0"
_MEASURE, _TIME, _STATUS = "OBS_VALUE", "TIME_PERIOD", "OBS_STATUS"


def write(source: Source, folder: Path) -> None:
    """Write ``structures.xml`` and a CSV file for each dataflow of the public edition; raises NothingToShowError.

    Others than the public do not see every row of the region, and a row that they do not see would be a zero.
    """
    if not source.is_public:
        raise NothingToShowError("Series in SDMX are those of the public edition. Make the kit with --public.")
    defined = defined_flows()
    flows = {name: flow for name, flow in defined.flows.items() if flow.needs in source.marts}
    for name, flow in flows.items():
        _write_observations(source, name, flow, folder / f"{name.lower()}.csv")
    (folder / "structures.xml").write_bytes(_structures(source, defined, flows))


def _write_observations(source: Source, name: str, flow: Dataflow, path: Path) -> None:
    columns = ", ".join((*flow.dimensions, _TIME, _MEASURE, _STATUS))
    head = f"'dataflow' as STRUCTURE, '{_AGENCY}:{name}({_VERSION})' as STRUCTURE_ID, 'I' as ACTION"
    query = f"select {head}, {columns} from ({flow.rows}) order by {', '.join((*flow.dimensions, _TIME))}"
    source.execute(f"copy ({query}) to {literal(str(path))} (format csv, header true, delimiter ',')")


def _structures(source: Source, defined: Flows, flows: Mapping[str, Dataflow]) -> bytes:
    """Return the structures of the dataflows, and of what they refer to, as SDMX-ML."""
    import sdmx
    from sdmx.message import Header, StructureMessage
    from sdmx.model.common import Agency

    agency = Agency(id=_AGENCY, name={"en": "Sarai"})
    used = {concept for flow in flows.values() for concept in flow.dimensions} | {_TIME, _MEASURE, _STATUS}
    named = {one: concept for one, concept in defined.concepts.items() if one in used}
    prepared = datetime.fromisoformat(source.package["created"])
    message = StructureMessage(
        header=Header(id=f"RELEASE_{source.release.number}", test=False, prepared=prepared, sender=agency)
    )
    codelists = {
        concept.codelist: _codelist(agency, concept.codelist, defined, source)
        for concept in named.values()
        if concept.codelist
    }
    scheme = _concept_scheme(agency, {one: concept.name for one, concept in named.items()})
    parts: list[MaintainableArtefact] = [*codelists.values(), scheme]
    for name, flow in flows.items():
        enumerated = {one: codelists[named[one].codelist] for one in (*flow.dimensions, _STATUS)}
        parts += _dataflow(agency, name, flow, scheme, enumerated)
    for part in parts:
        message.add(part)
    return bytes(sdmx.to_xml(message, pretty_print=True))


def _maintained(agency: "Agency", name: str, words: Bilingual) -> dict[str, Any]:
    return {
        "id": name,
        "maintainer": agency,
        "version": _VERSION,
        "name": {language: in_language(words, language) for language in LANGUAGES},
        "is_final": True,
        "is_external_reference": False,
    }


def _codelist(agency: "Agency", name: str, defined: Flows, source: Source) -> "Codelist":
    from sdmx.model.common import Code, Codelist

    one = defined.codelists[name]
    codes = [Code(id=code, name=words.model_dump()) for code, words in one.read(source).items()]
    return Codelist(**_maintained(agency, name, one.name), items={code.id: code for code in codes})


def _concept_scheme(agency: "Agency", concepts: Mapping[str, Words]) -> "ConceptScheme":
    from sdmx.model.common import Concept, ConceptScheme

    scheme: ConceptScheme = ConceptScheme(**_maintained(agency, "CS_SARAI", Phrase("Concepts")))
    for name, words in concepts.items():
        scheme.append(Concept(id=name, name=words.model_dump()))
    return scheme


def _dataflow(
    agency: "Agency", name: str, flow: Dataflow, scheme: "ConceptScheme", codelists: "Mapping[str, Codelist]"
) -> "Iterable[MaintainableArtefact]":
    """Return a dataflow and its data structure: dimensions with codelists, time, one value and its status."""
    from sdmx.model import v21
    from sdmx.model.common import (
        DataAttribute,
        Dimension,
        Facet,
        FacetValueType,
        Representation,
        TimeDimension,
        UsageStatus,
    )

    structure: DataStructureDefinition = v21.DataStructureDefinition(**_maintained(agency, f"DSD_{name}", flow.name))
    structure.dimensions.id, structure.attributes.id, structure.measures.id = (
        "DimensionDescriptor", "AttributeDescriptor", "MeasureDescriptor",
    )  # fmt: skip
    for order, one in enumerate(flow.dimensions, start=1):
        coded = Representation(enumerated=codelists[one])
        structure.dimensions.append(
            Dimension(id=one, concept_identity=scheme[one], local_representation=coded, order=order)
        )
    period = Representation(non_enumerated=[Facet(value_type=FacetValueType.observationalTimePeriod)])
    order = len(flow.dimensions) + 1
    structure.dimensions.append(
        TimeDimension(id=_TIME, concept_identity=scheme[_TIME], local_representation=period, order=order)
    )
    structure.measures.append(v21.PrimaryMeasure(id=_MEASURE, concept_identity=scheme[_MEASURE]))
    structure.attributes.append(
        DataAttribute(
            id=_STATUS,
            concept_identity=scheme[_STATUS],
            local_representation=Representation(enumerated=codelists[_STATUS]),
            related_to=v21.PrimaryMeasureRelationship(),
            usage_status=UsageStatus.mandatory,
        )
    )
    return structure, v21.DataflowDefinition(**_maintained(agency, name, flow.name), structure=structure)
