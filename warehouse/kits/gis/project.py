"""Projects for QGIS, and the styles of their layers as files of their own, in each language."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from warehouse.kits.gis.geopackage import GEOPACKAGE
from warehouse.kits.gis.layers import DISCLAIMER, Layer
from warehouse.kits.gis.styles import Style, styles_of
from warehouse.kits.labels import caption
from warehouse.kits.naming import title
from warehouse.kits.source import Source
from warehouse.questionnaire.language import LANGUAGES, Language, in_language
from warehouse.words.catalogue import N_, translate
from warehouse.words.pages import page_template

# Equal areas, as provinces are shaded by what happened in them.
_DEGREE, _METRE = 'ANGLEUNIT["degree",0.0174532925199433]', 'LENGTHUNIT["metre",1]'
_WGS_84 = (
    'GEOGCRS["WGS 84",DATUM["World Geodetic System 1984",'
    f'ELLIPSOID["WGS 84",6378137,298.257223563,{_METRE}]],PRIMEM["Greenwich",0,{_DEGREE}],CS[ellipsoidal,2],'
    f'AXIS["geodetic latitude (Lat)",north,ORDER[1],{_DEGREE}],'
    f'AXIS["geodetic longitude (Lon)",east,ORDER[2],{_DEGREE}],ID["EPSG",4326]]'
)
_PROJECTION = (
    'PROJCRS["Albers Equal Area, Central Asia",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",'
    f'ELLIPSOID["WGS 84",6378137,298.257223563,{_METRE}],ID["EPSG",6326]],'
    f'PRIMEM["Greenwich",0,{_DEGREE},ID["EPSG",8901]]],'
    'CONVERSION["Albers Equal Area",METHOD["Albers Equal Area",ID["EPSG",9822]],'
    f'PARAMETER["Latitude of false origin",45,{_DEGREE},ID["EPSG",8821]],'
    f'PARAMETER["Longitude of false origin",66,{_DEGREE},ID["EPSG",8822]],'
    f'PARAMETER["Latitude of 1st standard parallel",38,{_DEGREE},ID["EPSG",8823]],'
    f'PARAMETER["Latitude of 2nd standard parallel",52,{_DEGREE},ID["EPSG",8824]],'
    f'PARAMETER["Easting at false origin",0,{_METRE},ID["EPSG",8826]],'
    f'PARAMETER["Northing at false origin",0,{_METRE},ID["EPSG",8827]]],'
    f'CS[Cartesian,2],AXIS["(E)",east,ORDER[1],{_METRE}],AXIS["(N)",north,ORDER[2],{_METRE}]]'
)
_EXTENT = (-1_850_000, -1_300_000, 1_950_000, 1_400_000)  # metres of this projection
_TABLES = N_("Tables")
_SOURCES = N_("Boundaries: Natural Earth. Points of crossings: partly GeoNames (CC BY 4.0).")
_FOLDED = ("surroundings", "borders")
_PX_PER_MM = 96 / 25.4


def write_projects(source: Source, layers: Sequence[Layer], folder: Path) -> None:
    """Write ``sarai_<language>.qgs``, and ``styles/<layer>_<language>`` as .qml and .sld."""
    found = source.execute("select calendar_year from gis_period").fetchone()
    year = found[0] if found else 0
    (folder / "styles").mkdir()
    for language in LANGUAGES:
        styles = [style for layer in layers for style in styles_of(source, layer, year, language)]
        for style in styles:
            for suffix in ("qml", "sld"):
                path = folder / "styles" / f"{style.name}_{language}.{suffix}"
                path.write_text(_rendered(f"style.{suffix}.j2", layers, language, style=style), encoding="utf-8")
        project = _rendered(
            "project.qgs.j2",
            layers,
            language,
            styles=[*_stacked(styles)],
            title=title(source, language),
        )
        (folder / f"sarai_{language}.qgs").write_text(project, encoding="utf-8")


def _stacked(styles: Sequence[Style]) -> Iterator[Style]:
    """Yield styles as a legend lists them, what is on top first; borders lie over the provinces that they enclose."""
    names = ("seizures", "crossings", "routes", "borders", "provinces", "countries", "surroundings")
    yield from sorted(styles, key=lambda style: names.index(style.name))


def _rendered(name: str, layers: Sequence[Layer], language: Language, **values: Any) -> str:
    template = page_template(Path(__file__).with_name(name), language)
    columns = {column for layer in layers for column in layer.columns}
    titles = {layer.name: in_language(layer.title, language) for layer in layers}
    notes = {layer.name: {"title": titles[layer.name], "text": in_language(layer.note, language)} for layer in layers}
    return template.render(
        captions={column: caption(column, language) for column in columns},
        disclaimer=in_language(DISCLAIMER, language),
        extent=_EXTENT,
        folded=_FOLDED,
        geopackage=GEOPACKAGE,
        notes=notes,
        projection=_PROJECTION,
        px=_pixels,
        rgb=_rgb,
        sources=translate(_SOURCES, language),
        tables=[layer for layer in layers if not layer.geometry],
        tables_title=translate(_TABLES, language),
        titles=titles,
        wgs_84=_WGS_84,
        **values,
    ).lstrip()


def _rgb(colour: str) -> str:
    """Return a colour as QGIS writes it: ``#ff8000`` → ``255,128,0,255``."""
    return ",".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"


def _pixels(millimetres: float) -> str:
    """Return a length in pixels, the unit of SLD 1.0."""
    return f"{millimetres * _PX_PER_MM:.2f}"
