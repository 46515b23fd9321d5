"""A design in a link comes out as it went in; what is no design is refused in a sentence."""

import base64
import json
import zlib

import pytest
from streamlit.testing.v1 import AppTest

from blocks import BlockwrightError, ReadError, template, templates
from editor.links import read_link, write_link
from editor.server import LOCAL
from editor.store import Library


def packed(content: bytes) -> str:
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packing.compress(content) + packing.flush()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize("template_id", sorted(templates()))
def test_every_template_fits_into_a_link_and_comes_out_again(template_id: str) -> None:
    design = template(template_id)
    text = write_link(design)
    assert len(text) <= 7_500
    assert read_link(text).to_json() == design.to_json()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "damaged"),
        ("a", "damaged"),
        ("AAAA", "damaged"),
        ("not a link!", "letters, digits"),
        ("A" * 60_001, "at most 60,000"),
        ("ä", "letters, digits"),
        (packed(b"/etc/hostname"), "damaged"),
        (packed(b"\xff\xfe"), "damaged"),
        (packed(b"{"), "JSON"),
        (packed(b'{"format": "another"}'), "format"),
        (packed(b"{" + b" " * 5_000_001), "opens to at most 5,000,000 bytes"),
        (packed(b"0" * 40_000_000), "opens to at most 5,000,000 bytes"),
        (packed(json.dumps({"a": 1}).encode())[:-3], "damaged"),
        (packed(b'{"format": "blockwright", "version": NaN}'), "version"),
    ],
)
def test_a_hostile_link_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ReadError, match=sentence):
        read_link(text)


def test_a_link_cut_anywhere_is_a_sentence() -> None:
    whole = write_link(template("tutorial_vgg"))
    for end in range(0, len(whole), 7):
        with pytest.raises(BlockwrightError):
            read_link(whole[:end])


GUEST = "0123456789abcdef"


def opened(link: str, design: str = GUEST, **said: object) -> AppTest:
    """Run a session at the address of a link in which the canvas says something."""

    def script() -> None:
        import streamlit as st

        from editor.payload import payload
        from editor.session import Session

        Session().receive_outbox()
        Session().receive_action()
        st.session_state["answer"] = payload(Session())

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["link"] = link
    if design:
        app.query_params["design"] = design
    app.session_state["canvas"] = said
    app.run()
    assert not app.exception
    return app


def outbox(*edits: object) -> dict[str, object]:
    return {"design_id": GUEST, "attempt": 1, "revision": 0, "edits": list(edits)}


def test_opening_a_link_stores_nothing(shelf: Library) -> None:
    answer = opened(write_link(template("vgg16")), outbox=outbox()).session_state["answer"]
    assert (answer["design_id"], answer["revision"], answer["guest"]) == (GUEST, 0, True)
    assert answer["overlay"]["totals"]["params"] == "138357544"
    assert shelf.designs(LOCAL) == []


def test_the_first_edit_stores_it_under_the_same_id(shelf: Library) -> None:
    rename = {"client": "tab", "number": 1, "kind": "edit", "label": "Name", "edit": {"name": "my"}}
    app = opened(write_link(template("vgg16")), outbox=outbox(rename))
    answer = app.session_state["answer"]
    assert (answer["design_id"], answer["guest"], answer["acknowledged"]) == (
        GUEST,
        False,
        {"tab": 1},
    )
    assert [(one.id, one.name) for one in shelf.designs(LOCAL)] == [(GUEST, "my")]
    assert shelf.open(GUEST, LOCAL).undo == "Name"


def test_it_is_kept_on_demand_and_the_link_then_opens_what_was_kept(shelf: Library) -> None:
    link = write_link(template("vgg16"))
    assert not opened(link, action={"kind": "keep"}).session_state["answer"]["guest"]
    assert [one.name for one in shelf.designs(LOCAL)] == ["vgg16"]
    shelf.rename(GUEST, LOCAL, "mine")
    assert opened(link).session_state["answer"]["document"]["name"] == "mine"
    afresh = opened(link, design="").session_state["answer"]
    assert (afresh["guest"], afresh["document"]["name"]) == (True, "vgg16")


def test_one_id_with_two_links_shows_what_each_says(shelf: Library) -> None:
    for template_id in ("vgg16", "lenet5"):
        answer = opened(write_link(template(template_id))).session_state["answer"]
        assert answer["document"]["name"] == template_id


def test_an_address_cannot_take_another_persons_design(shelf: Library) -> None:
    shelf.create(template("lenet5"), "bob", design_id=GUEST)
    answer = opened(write_link(template("vgg16")), design="").session_state["answer"]
    assert answer["guest"]
    assert answer["design_id"] != GUEST
    assert shelf.open(GUEST, "bob").design.name == "lenet5"


def test_a_broken_link_says_so_and_opens_the_last_design(shelf: Library) -> None:
    shelf.create(template("lenet5"), LOCAL)
    answer = opened("AAAA", design="").session_state["answer"]
    assert answer["document"]["name"] == "lenet5"
    assert "damaged" in answer["notices"][0]["message"]
