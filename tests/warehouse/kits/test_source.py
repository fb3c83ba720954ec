"""What an audience sees of a release in a kit: the policy of the shared server, by rows and by columns."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from warehouse.kits.errors import KitError
from warehouse.kits.source import CENTRE, MEMBERS, PUBLIC, Source, opened
from warehouse.releases.catalogue import Release
from warehouse.serving.access import members_access
from warehouse.storage.settings import Settings

A, B = "XAA", "XAB"


@contextmanager
def seen_by(audience: str, release: Release, settings: Settings) -> Iterator[Source]:
    with opened(release, audience, settings) as source:
        yield source


def codes(source: Source, column: str, mart: str) -> set[str]:
    return {code for (code,) in source.execute(f"select distinct {column} from {mart}").fetchall()}


def test_a_state_sees_its_own_records_and_the_centre_all(golden_release: Release, golden: Settings) -> None:
    with seen_by(A, golden_release, golden) as own, seen_by(CENTRE, golden_release, golden) as all_of_it:
        assert codes(own, "country_code", "fct_seizures") == {A}
        assert {A, B} <= codes(all_of_it, "country_code", "fct_seizures")
        assert own.marts["fct_seizures"].row_count < all_of_it.marts["fct_seizures"].row_count


def test_members_share_aggregates_and_no_record(golden_release: Release, golden: Settings) -> None:
    own = {name for name, rule in members_access().marts.items() if rule.own}
    with seen_by(MEMBERS, golden_release, golden) as shared:
        assert own.isdisjoint(shared.marts)
        assert "rpt_seizures_by_year" in shared.marts
        with pytest.raises(KitError, match=r"lacks what is asked of it"):
            shared.execute("from fct_seizures")


def test_a_pair_shows_each_side_its_own_identifier(golden_release: Release, golden: Settings) -> None:
    query = "select {} from fct_seizure_matches where country_code_a = 'XAB' and country_code_b = 'XAA' order by all"
    with seen_by(CENTRE, golden_release, golden) as centre:
        pairs = centre.execute(query.format("seizure_id_a, seizure_id_b")).fetchall()
    with seen_by(B, golden_release, golden) as first, seen_by(A, golden_release, golden) as second:
        of_a = first.execute(query.format("seizure_id_a, seizure_id_b")).fetchall()
        of_b = second.execute(query.format("seizure_id_a, seizure_id_b")).fetchall()
    assert pairs
    assert of_a == [(a, None) for a, _ in pairs]
    assert of_b == [(None, b) for _, b in pairs]


def test_rows_of_a_single_case_are_seen_by_their_country_and_the_centre(
    golden_release: Release, golden: Settings
) -> None:
    counts: dict[str, set[str]] = {}
    for audience in (MEMBERS, A, CENTRE):
        with seen_by(audience, golden_release, golden) as source:
            query = "select country_code from rpt_seizures_by_province where seizures_count = 1"
            counts[audience] = {code for (code,) in source.execute(query).fetchall()}
    assert counts[MEMBERS] == set()
    assert counts[A] == {A}
    assert counts[CENTRE] > {A}


def test_members_see_each_row_of_seizures_that_everybody_sees(golden_release: Release, golden: Settings) -> None:
    with seen_by(MEMBERS, golden_release, golden) as members, seen_by(PUBLIC, golden_release, golden) as public:
        shown = {name: mart.row_count for name, mart in public.marts.items() if name.startswith("rpt_seizures_by")}
        assert {name: members.marts[name].row_count for name in shown} == shown
        single = "from rpt_seizures_by_month where seizures_count = 1"
        assert members.execute(single).fetchall()


def test_what_is_as_reported_is_in_no_kit_but_that_of_the_centre(golden_release: Release, golden: Settings) -> None:
    for audience in (MEMBERS, A, PUBLIC, CENTRE):
        with seen_by(audience, golden_release, golden) as source:
            assert source.has("rpt_seizures_by_province", "quantity_kg") == (audience == CENTRE)
            assert source.has("rpt_seizures_by_year", "quantity_kg") == (audience == CENTRE)
            assert source.has("rpt_seizures_by_year", "quantity_kg_without_duplicates")


def test_the_public_edition_is_all_that_the_public_sees(golden_release: Release, golden: Settings) -> None:
    with seen_by(PUBLIC, golden_release, golden) as source:
        assert not source.has("rpt_seizures_by_month", "quantity_kg")
        assert source.has("rpt_seizures_by_month", "quantity_kg_without_duplicates")
        assert "fct_seizures" not in source.marts


def test_an_unknown_reader_is_named_with_those_that_are_there(golden_release: Release, golden: Settings) -> None:
    message = r"^XXX is no member state of this release\. Name one of .*XAA.*, or centre\.$"
    with pytest.raises(KitError, match=message), seen_by("XXX", golden_release, golden):
        pass
