"""Who asks, what is theirs, and how much of it a shared server keeps."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from blocks import DataError, Design, keep_data, own_data
from editor import people
from editor.database import LibraryError
from editor.people import LOCAL, Quota, QuotaError, SignInError, owner, owns, quota, require_turn
from editor.store import Library

HEADER = "X-Forwarded-User"


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(people.SIGN_IN, HEADER)


def asked_by(headers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    class Context:
        pass

    context: Any = Context()
    context.headers = headers
    monkeypatch.setattr(people.st, "context", context)
    return owner()


def test_on_a_machine_of_ones_own_nobody_signs_in_and_nothing_is_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert asked_by({HEADER: "ann"}, monkeypatch) == LOCAL
    assert quota() is None


def test_a_shared_server_takes_the_name_that_its_proxy_passes_on(
    shared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked_by({HEADER: " ann@lab.org "}, monkeypatch) == "ann@lab.org"
    assert asked_by({HEADER: LOCAL}, monkeypatch) != LOCAL


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\u202eann", "a" * 201])
def test_who_has_no_name_sees_nothing(
    name: str, shared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SignInError, match="does not know who you are"):
        asked_by({HEADER: name}, monkeypatch)


def test_limits_come_from_the_environment(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_MAX_DESIGNS", "7")
    assert quota() == Quota(designs=7)
    monkeypatch.setenv("BLOCKWRIGHT_MAX_RUNS", "many")
    with pytest.raises(QuotaError, match="BLOCKWRIGHT_MAX_RUNS must be an integer from 1"):
        quota()


def test_no_more_designs_than_allowed_however_they_come(tmp_path: Path) -> None:
    library = Library(tmp_path / "library.sqlite", most_designs=2)
    first = library.create(Design("a"), "ann")
    library.create(Design("b"), "ann")
    library.create(Design("c"), "bob")
    content = library.backup("ann")
    for add in (
        lambda: library.create(Design("d"), "ann"),
        lambda: library.take_backup("bob", content),
    ):
        with pytest.raises(LibraryError, match="may have 2 designs on this server; delete some"):
            add()
    library.delete(first, "ann")
    library.create(Design("d"), "ann")
    with pytest.raises(LibraryError, match="may have 2 designs"):
        library.restore(first, "ann")
    assert [entry.name for entry in library.designs("ann")] == ["d", "b"]
    assert [entry.name for entry in library.designs("bob")] == ["c"]


def array_file(seed: int = 0) -> bytes:
    file = io.BytesIO()
    np.savez(file, x=np.random.default_rng(seed).random((4, 5)), y=np.arange(4) % 2)
    return file.getvalue()


def test_data_belong_to_one_person_and_have_a_limit() -> None:
    content = array_file()
    keep_data("mine.npz", content)
    keep_data("anns.npz", content, owner="ann", most_bytes=len(content))
    assert [path.name for path in own_data()] == ["mine.npz"]
    assert [path.name for path in own_data("ann")] == ["anns.npz"]
    assert own_data("../../bob") == []
    with pytest.raises(DataError, match=r"there is no room for [\d,]+ more"):
        keep_data("more.npz", array_file(1), owner="ann", most_bytes=len(content))
    assert [path.name for path in own_data("ann")] == ["anns.npz"]


def test_a_run_is_its_owners_and_those_of_the_shell_are_the_machines_users() -> None:
    class Known:
        def __init__(self, owner: str) -> None:
            self.owner = owner

    found: list[Any] = [Known(""), Known("ann"), Known("bob"), Known(LOCAL)]
    assert [run.owner for run in found if owns("ann", run)] == ["ann"]
    assert [run.owner for run in found if owns(LOCAL, run)] == ["", LOCAL]


def test_only_so_many_runs_wait_or_go_on(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOCKWRIGHT_MAX_RUNS", "1")

    class Going:
        owner = "ann"

        def status(self) -> Any:
            class Alive:
                alive = True

            return Alive()

    going: Any = Going()
    require_turn("bob", [going])
    with pytest.raises(QuotaError, match="1 of your runs wait or go on"):
        require_turn("ann", [going])


@pytest.mark.parametrize("page", ["design", "library", "train", "compare", "gallery"])
def test_a_page_says_in_a_sentence_that_nobody_signed_in(page: str, shared: None) -> None:
    app = AppTest.from_file("../../app.py", default_timeout=60)
    app.run()
    app.switch_page(f"editor/pages/{page}.py").run()
    assert not app.exception
    assert any("does not know who you are" in error.value for error in app.error)
