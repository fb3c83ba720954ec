"""Checks of the marts on what Border Liaison Offices do together, what passes them, and what they work with."""

from expectations.marts.checks import MartChecks

COOPERATION = (
    MartChecks("fct_activities", rows_of="activities"),
    MartChecks("fct_exchanges", rows_of="exchanges"),
    MartChecks("fct_contraband", rows_of="contraband"),
    MartChecks("fct_staff", rows_of="staff"),
    MartChecks("fct_throughput", rows_of="throughput"),
    MartChecks("fct_equipment", rows_of="equipment"),
    MartChecks("fct_challenges", rows_of="challenges"),
    MartChecks("fct_blo_register_entries", rows_of="blo_register"),
    # holds the stories that are cleared for publication, so fewer than were accepted
    MartChecks("fct_stories"),
    MartChecks("rpt_activities_by_month", shares=("women_pct",)),
    MartChecks("rpt_challenges_by_month"),
    MartChecks(
        "rpt_offices_by_month",
        measures=("finds_count", "finds_per_100000_travellers", "contraband_per_100000_travellers"),
        shares=("women_pct", "working_pct"),
    ),
    MartChecks(
        "rpt_contraband_by_month",
        counts={"contraband_count": 1},
        measures=("goods_quantity", "value_amount", "value_usd"),
        ordered=(("known_value_amount_count", "contraband_count"),),
    ),
    MartChecks("rpt_mirror_activities", measures=("activities_count_a", "activities_count_b")),
    MartChecks("rpt_mirror_exchanges", measures=("requests_sent_count", "requests_received_count")),
    MartChecks("rpt_mirror_throughput", measures=("travellers_exited_count", "travellers_entered_count")),
)
