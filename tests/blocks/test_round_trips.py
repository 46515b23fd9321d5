"""A slice of the round trips of templates and formats; `make soak` makes all of them."""

from collections import Counter
from itertools import cycle

import pytest

from blocks import formats, templates
from tests.soak.round_trips import round_trips

SMALL = ("digits", "lenet5", "lenet5_seed", "stackexchange_answer", "tutorial_inception_naive")
"""Templates whose models are built and run in a second or two."""


def slice_of_all() -> list[tuple[str, str]]:
    """Pair every heavy format with two small templates, and the others with a light format each."""
    small, heavy = cycle(SMALL), [name for name, entry in formats().items() if entry.model]
    light = cycle(name for name, entry in formats().items() if not entry.model)
    rest = (name for name in templates() if name not in SMALL)
    return [
        *((next(small), name) for name in heavy for _ in range(2)),
        *((name, next(light)) for name in rest),
    ]


def test_every_template_and_every_format_is_in_the_slice() -> None:
    pairs = slice_of_all()
    assert {name for name, _ in pairs} == set(templates())
    assert {name for _, name in pairs} == set(formats())
    assert min(Counter(name for _, name in pairs).values()) >= 2
    assert len(set(pairs)) == len(pairs)


@pytest.mark.keras
def test_what_one_process_writes_another_proves() -> None:
    trips = round_trips(slice_of_all())
    assert [f"{t.template}, {t.format}: {t.finding}" for t in trips if t.finding] == []
    for trip in trips:
        compared = trip.largest_difference is not None
        assert compared == (formats()[trip.format].model and trip.format != "json")
        assert (trip.largest_difference or 0) <= formats()[trip.format].tolerance


def test_a_file_that_differs_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.soak import findings
    from tests.soak import round_trips as soak

    trips = [soak.Trip("digits", name, 1.0, 1.0, None, "other bytes") for name in formats()]
    monkeypatch.setattr(soak, "round_trips", lambda pairs: trips)
    assert len(findings(soak.soak(1))) == len(formats())
