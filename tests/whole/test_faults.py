"""Points at which runs are killed; that nothing is lost there is shown by ``make faults``."""

from faults.kills import STEPS, Trace, draw

SECONDS = dict.fromkeys(set(STEPS) - {"switch"}, 1.0)


def test_points_are_drawn_evenly_and_by_seed_also_where_a_step_has_few_changes() -> None:
    trace = Trace(["before", "receive", *["release"] * 50, *["switch"] * 3], SECONDS)
    points = draw(trace, 200, seed=1)
    assert len(set(points)) == 200
    assert points == draw(trace, 200, seed=1) != draw(trace, 200, seed=2)
    counts = {step: sum(point.step == step for point in points) for step in STEPS}
    assert counts.pop("switch") == 3
    assert max(counts.values()) - min(counts.values()) <= 1
    changes = [point.change for point in points if point.change is not None]
    assert all(trace.changes[point.change] == point.step for point in points if point.change is not None)
    assert 1 + 3 + 5 <= len(changes) <= 54
