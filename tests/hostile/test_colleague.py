"""Somebody who may use a shared server sends it what no browser sends.

Nothing of other people is shown or changed, the server goes on answering them, and whoever sent it
gets a sentence, or nothing, but never a traceback.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from blocks import Design, Image
from editor.links import write_link
from editor.store import Library, StoredDesign
from tests.browser.server import Server
from tests.hostile.conftest import HEADER, Visit
from tests.soak._visitor import Visitor

ANN, BOB = "ann", "bob"
SECRET = "a secret of ann"


class Hers:
    """A design of Ann's as the library has it, and the page on which she draws it."""

    def __init__(self, library: Library, lab: Server) -> None:
        self._library = library
        self.id = library.create(Design(SECRET).add("photo", Image(8, 8, 1)), ANN)
        self.page = Visitor(lab.url, query=f"design={self.id}", headers={HEADER: ANN})

    def now(self) -> StoredDesign:
        return self._library.open(self.id, ANN)

    def bobs(self) -> list[str]:
        return [entry.id for entry in self._library.designs(BOB)]

    def goes_on(self) -> None:
        """See that Ann can still draw, and nobody else did."""
        before = self.now()
        name = f"n{before.revision}"
        self.page.draw([{"nodes": {name: {"block": "Conv", "name": name}}}], "hers")
        now = self.now()
        assert (now.revision, now.design.name) == (before.revision + 1, SECRET)


@pytest.fixture(scope="module")
def hers(lab: Server) -> Iterator[Hers]:
    with closing(Library(lab.home / "library.sqlite")) as library:
        found = Hers(library, lab)
        yield found
        found.page.close()


def all_of(page: Visitor) -> str:
    """Return all that a page was sent to show."""
    return json.dumps(page.canvas) + " ".join(page.texts)


ADDRESSES = (
    ("", "design={id}"),
    ("", "design={id}@0"),
    ("", "link={link}&design={id}"),
    ("train", "design={id}"),
    ("compare", "designs={id},{id}@0,resnet50"),
)


def test_an_id_in_an_address_opens_nothing_of_another_person(visit: Visit, hers: Hers) -> None:
    link = write_link(Design("shared"))
    before = hers.now()
    for page, query in ADDRESSES:
        his = visit(BOB, page, query=query.format(id=hers.id, link=link))
        assert SECRET not in all_of(his), (page, query)
        assert his.canvas.get("design_id") != hers.id
    assert hers.now() == before


TRICKS = (
    *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "%ff%fe", "a" * 5_000, "%F0%9F%98%80"),
    *("' OR 1=1 --", "%22%3E%3Cscript%3E", "C:%5Cx", "NaN", "-1", "%E2%80%AEevil", "@@@,@1,,@"),
)
PLACES = (("", "design"), ("", "link"), ("compare", "designs"))


def tried(visit: Visit, trick: str, page: str, name: str) -> None:
    """Open a page at an address with a trick in it; it must be shown, with a sentence or none."""
    assert "Traceback" not in all_of(visit(BOB, page, query=f"{name}={trick}"))


def test_a_trick_in_an_address_is_a_sentence_or_nothing(visit: Visit) -> None:
    for trick, (page, name) in zip(TRICKS[:6], PLACES * 2, strict=True):
        tried(visit, trick, page, name)


@pytest.mark.soak
def test_every_trick_in_every_address_is_a_sentence_or_nothing(visit: Visit) -> None:
    for trick in TRICKS:
        for page, name in (*PLACES, ("train", "design")):
            tried(visit, trick, page, name)


def edit(number: int, kind: str = "edit", **fields: Any) -> dict[str, Any]:
    parts = {"edit": {"name": "taken over"}, **fields}
    return {"client": "bob", "number": number, "kind": kind, "label": "Draw", **parts}


def test_what_is_said_of_another_persons_design_changes_nothing(visit: Visit, hers: Hers) -> None:
    his, before = visit(BOB), hers.now()
    design = his.canvas["design_id"]
    outbox = {"design_id": hers.id, "attempt": 1, "revision": 0, "catalog": True}
    for kind in ("edit", "undo", "redo", "unpack", "fold"):
        said = {
            "outbox": outbox | {"edits": [edit(1, kind, node="photo", nodes=["photo"])]},
            "folds": {"design_id": hers.id, "folded": ["photo"], "unfolded": []},
            "inside": {"design_id": hers.id, "path": ["photo"]},
            "selection": ["photo"],
        }
        his.change("canvas", json_value=json.dumps(said))
        assert his.canvas["design_id"] == design
        assert SECRET not in all_of(his)
    told = [notice["message"] for notice in his.canvas["notices"]]
    assert any(f"there is no design '{hers.id}' in your library" in one for one in told)
    assert hers.now() == before


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def deep(depth: int) -> dict[str, Any]:
    """Return an object that is so deep in itself."""
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"a": value}
    return value


def forged(design_id: str) -> Iterator[str]:
    """Yield what a canvas would never say, as the text of its state."""
    outbox = {"design_id": design_id, "attempt": 1, "revision": 0, "catalog": True}
    for number, part in enumerate(("nodes", "links", "definitions", "notes", "budget", "weights")):
        for value in (deep(900), deep(100), [1] * 50_000, "x" * 100_000, -1, {"": {"": {}}}):
            change = {"edit": {part: {"a": value} if isinstance(value, dict) else value}}
            yield json.dumps({"outbox": outbox | {"edits": [edit(1_000 + number, **change)]}})
    for part in ("outbox", "selection", "folds", "inside", "insides", "attempt", "nothing"):
        for value in (None, 1, "x", [], [[]], {}, True, deep(900), {"design_id": design_id}):
            yield json.dumps({part: value})
    for edits in ([None], [[]], [edit(2**60)], [edit(-1)], [edit(1, "..")], "x", {"a": 1}):
        yield json.dumps({"outbox": outbox | {"edits": edits}})
    yield f'{{"outbox": {nested(400)}}}'
    yield '{"selection": [NaN, 1e999, -1e999]}'
    yield '{"folds": "\\ud800"}'


def every(step: int, visit: Visit, hers: Hers) -> None:
    """Say some of it; the page must be shown each time."""
    his = visit(BOB)
    for text in list(forged(his.canvas["design_id"]))[::step]:
        his.change("canvas", json_value=text)
    assert SECRET not in all_of(his)
    hers.goes_on()


def test_whatever_a_canvas_says_the_page_is_shown_and_the_server_goes_on(
    visit: Visit, hers: Hers
) -> None:
    every(12, visit, hers)


@pytest.mark.soak
def test_all_that_a_canvas_would_never_say_is_taken_in_peace(visit: Visit, hers: Hers) -> None:
    every(1, visit, hers)


@pytest.mark.parametrize("text", [nested(100_000), "{"], ids=["deep", "cut"])
def test_a_state_that_is_no_json_harms_whoever_says_it_alone(
    text: str, visit: Visit, hers: Hers
) -> None:
    his = visit(BOB)
    told = his.harmed("canvas", json_value=text)
    assert "Traceback" not in told
    assert "/" not in told
    hers.goes_on()
    assert visit(BOB).canvas["design_id"] in hers.bobs()


def test_a_message_that_is_too_large_closes_the_door_for_its_sender_alone(
    visit: Visit, hers: Hers
) -> None:
    his = visit(BOB)
    with pytest.raises(ConnectionClosed):
        say_and_stay(his, json.dumps({"outbox": "x" * 49_000_000}))
    hers.goes_on()


def say_and_stay(page: Visitor, said: str) -> None:
    """Say something and go on looking: an answer to something earlier may be on its way."""
    page.change("canvas", json_value=said)
    for _ in range(50):
        page.look()


@pytest.mark.soak
def test_a_large_message_that_is_let_in_is_left_alone(visit: Visit, hers: Hers) -> None:
    his = visit(BOB)
    his.change("canvas", json_value=json.dumps({"selection": ["x" * 100] * 200_000}))
    assert his.canvas["design_id"] in hers.bobs()
    hers.goes_on()


def test_two_hundred_messages_at_once_keep_nobody_waiting_for_ever(
    visit: Visit, hers: Hers
) -> None:
    his = visit(BOB)
    stop = threading.Event()
    sent = []

    def flood() -> None:
        with suppress(ConnectionClosed):  # it hears no answer, so the server may hang up
            while not stop.is_set():
                outbox = {"design_id": hers.id, "edits": [edit(len(sent))]}
                his.shout("canvas", json_value=json.dumps({"outbox": outbox}))
                sent.append(1)
                stop.wait(1 / 200)

    shouting = threading.Thread(target=flood)
    shouting.start()
    try:
        while len(sent) <= 20 and shouting.is_alive():
            hers.goes_on()
        hers.goes_on()
    finally:
        stop.set()
        shouting.join()
    assert len(sent) > 20


def test_whoever_empties_the_servers_cache_has_no_library_opened_once_more(
    lab: Server, visit: Visit, hers: Hers
) -> None:
    assert lab.process
    server = psutil.Process(lab.process.pid)
    his = visit(BOB)

    def emptied() -> int:
        for _ in range(5):
            his.say(BackMsg(clear_cache=True))
            his.look()
        return sum("library.sqlite" in one.path for one in server.open_files())

    assert emptied() == emptied()
    hers.goes_on()


def messages() -> Iterator[BackMsg]:
    """Yield messages that the pages do not need."""
    yield BackMsg(load_git_info=True)
    yield BackMsg(set_run_on_save=True)
    yield BackMsg(stop_script=True)
    yield BackMsg(debug_shutdown_runtime=True)
    yield BackMsg(app_heartbeat=True)
    urls = BackMsg()
    urls.file_urls_request.session_id = "of somebody else"
    urls.file_urls_request.file_names.extend(["../../x"] * 1_000)
    yield urls
    operation = BackMsg()
    operation.backend_operation_request.session_id = "of somebody else"
    yield operation
    page = BackMsg()
    page.rerun_script.page_name = "../../etc/passwd"
    page.rerun_script.page_script_hash = "no page"
    page.rerun_script.fragment_id = "no fragment"
    page.rerun_script.query_string = "design=%00&" * 1_000
    yield page


def test_messages_that_no_page_needs_harm_nobody(visit: Visit, hers: Hers) -> None:
    his = visit(BOB)
    for message in messages():
        his.say(message)
    hers.goes_on()


def test_a_place_of_the_machine_is_no_data_set_for_a_colleague(
    visit: Visit, lab: Server, tmp_path: Any
) -> None:
    """What Streamlit shows of a path is all that it compares with the choices there are."""
    rows = "".join(f"{n},{n + 1},{n + 2},{n % 2}\n" for n in range(20))
    his = visit(BOB, "train")
    his.upload("data-file", "mine.csv", rows.encode())
    his.look()
    (kept,) = (lab.home / "data" / "people").glob("*/*/mine.csv")
    theirs = tmp_path / kept.parent.name[:6] / "mine.csv"
    theirs.parent.mkdir()
    theirs.write_text(rows.replace(",0\n", ",3\n"))
    for text in (str(theirs), "/etc/passwd", f"{kept}/../../../people", "~/.ssh"):
        his.change(his.key("train/data"), string_value=text)
        assert "4 classes" not in all_of(his)
        assert str(tmp_path) not in all_of(his)
