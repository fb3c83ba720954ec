"""Crossing points: both sides of a crossing say the same, and no coordinates stand without what they rest on."""

import csv
import math

import pytest

from warehouse.storage.settings import Settings

with (Settings().codelists / "codelists" / "border_points.csv").open(encoding="utf-8", newline="") as _lines:
    POINTS = {row["code"]: row for row in csv.DictReader(_lines)}
LINKED = sorted(code for code, point in POINTS.items() if point["counterpart_code"])
LOCATED = sorted(code for code, point in POINTS.items() if point["latitude"])
# One crossing has several posts on a side: the railway and the port of Termez face Hairaton too.
BESIDE_ANOTHER = {"UZ-22010", "UZ-22011"}


def test_what_no_source_locates_is_counted_and_has_no_coordinates() -> None:
    # 48 of those known before, 13 of those that were added since
    assert len(POINTS) - len(LOCATED) == 61
    for point in POINTS.values():
        given = {bool(point[name]) for name in ("latitude", "longitude", "precision_m", "coordinate_sureness")}
        assert given == {bool(point["coordinate_basis"])}, point


@pytest.mark.parametrize("code", LINKED)
def test_both_sides_of_a_crossing_say_the_same(code: str) -> None:
    point = POINTS[code]
    other = POINTS[point["counterpart_code"]]
    assert (other["country_code"], other["neighbour_country_code"]) == (
        point["neighbour_country_code"], point["country_code"],
    )  # fmt: skip
    assert other["counterpart_code"] == code or code in BESIDE_ANOTHER
    assert point["counterpart_sureness"] in {"SOURCED", "ASSUMED"}
    if code not in BESIDE_ANOTHER:
        assert other["counterpart_sureness"] == point["counterpart_sureness"]


def test_what_is_near_is_no_counterpart() -> None:
    near = [point for point in POINTS.values() if point["counterpart_sureness"] == "NEAREST_PLACE"]
    assert near
    assert not [point["code"] for point in near if point["counterpart_code"]]
    assert {bool(point["counterpart_name_en"]) for point in POINTS.values() if not point["counterpart_sureness"]} == {
        False
    }


def test_crossings_between_uzbekistan_and_kyrgyzstan_are_linked_where_a_source_names_both_sides() -> None:
    linked = {
        (code, POINTS[code]["counterpart_code"], POINTS[code]["counterpart_sureness"])
        for code in LINKED
        if (POINTS[code]["country_code"], POINTS[code]["neighbour_country_code"]) == ("UZB", "KGZ")
    }
    assert linked == {
        ("UZ-DUSTLIK", "KG-DOSTUK", "SOURCED"), ("UZ-03006", "KG-KARASUU", "SOURCED"),
        ("UZ-03007", "KG-BEKABAD", "SOURCED"), ("UZ-14003", "KG-KENSAI", "SOURCED"),
        ("UZ-03009", "KG-MADANIYAT", "ASSUMED"),
    }  # fmt: skip


@pytest.mark.parametrize("code", LOCATED)
def test_a_point_lies_in_the_region_and_a_derived_one_is_that_of_the_other_side(code: str) -> None:
    point = POINTS[code]
    latitude, longitude = float(point["latitude"]), float(point["longitude"])
    assert 34 < latitude < 56
    assert 46 < longitude < 88
    assert int(point["precision_m"]) >= 500
    other = POINTS.get(point["counterpart_code"])
    if point["coordinate_sureness"] == "DERIVED":
        assert other is not None
        assert (latitude, longitude) == (float(other["latitude"]), float(other["longitude"]))
        assert int(point["precision_m"]) >= int(other["precision_m"])
    elif code == "UZ-22011":
        # in the town, 13 km from Hairaton
        assert (latitude, longitude, point["precision_m"]) == (37.22417, 67.27833, "5000")
    elif other and other["latitude"]:
        north = 111_000 * (latitude - float(other["latitude"]))
        east = 111_000 * math.cos(math.radians(latitude)) * (longitude - float(other["longitude"]))
        assert math.hypot(north, east) <= int(point["precision_m"]) + int(other["precision_m"])


def test_two_posts_of_one_state_stand_at_one_point_only_where_that_is_known_or_said_to_be_doubtful() -> None:
    shared: dict[tuple[str, str, str], set[str]] = {}
    for code in LOCATED:
        point = POINTS[code]
        shared.setdefault((point["country_code"], point["latitude"], point["longitude"]), set()).add(code)
    # the railway crosses by the bridge of the road; the list of posts has one point for two of them
    twins = [codes for codes in shared.values() if len(codes) > 1]
    assert twins == [{"UZ-03009", "UZ-03014"}, {"UZ-22010", "UZ-AYRITOM"}]
    assert {POINTS[code]["coordinate_sureness"] for code in ("UZ-03009", "UZ-03014")} == {"DOUBTFUL"}


def test_an_office_that_no_source_names_is_not_known() -> None:
    assert {point["has_blo"] for point in POINTS.values()} == {"true", ""}
