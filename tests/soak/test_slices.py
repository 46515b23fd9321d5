"""A small part of each long test, on every change."""

import pytest

from tests.soak import (
    Row,
    findings,
    full_disk,
    full_disk_pages,
    kill_store,
    kill_training,
    many_sessions,
    read_only_pages,
    two_writers,
)


def test_what_was_acknowledged_survives_kills() -> None:
    assert findings(kill_store.soak(10)) == []


def test_racing_writers_keep_every_edit() -> None:
    assert findings(two_writers.soak(30)) == []


@pytest.mark.keras
def test_a_killed_training_ends_as_if_it_had_not_been() -> None:
    assert findings(kill_training.soak(2, epochs=20)) == []


@pytest.mark.keras
def test_a_full_disk_is_a_sentence_and_loses_nothing() -> None:
    nothing_lost(full_disk.soak(1, ("save", "keep_uploads", "train")))


def test_the_canvas_on_a_full_disk_does_or_explains_what_it_is_asked() -> None:
    nothing_lost(full_disk_pages.soak(1, ("copies",)))


def test_an_edit_waits_for_a_disk_that_may_only_be_read() -> None:
    nothing_lost(read_only_pages.soak(1, ("waited",)))


def nothing_lost(rows: list[Row]) -> None:
    if not any(row.tried for row in rows):
        pytest.skip(rows[0].note)
    assert findings(rows) == []


def test_people_at_two_servers_keep_every_edit() -> None:
    assert findings(many_sessions.soak(4, rounds=False)) == []
