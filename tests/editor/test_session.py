"""What the canvas says reaches the library, and the answer goes back in the payload."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from blocks import BLOCKS, Design, Image, pack, templates
from editor.open_design import RESTORING_STEPS
from editor.server import LOCAL
from editor.store import Library


def said(design_id: str, **words: Any) -> Any:
    """Run a session in which the canvas has said something; return its payload."""

    def script() -> None:
        import streamlit as st

        from editor.payload import payload
        from editor.session import Session

        Session().receive_outbox()
        Session().receive_action()
        st.session_state["answer"] = payload(Session())

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["design"] = design_id
    app.session_state["design"] = design_id
    app.session_state["canvas"] = words
    app.run()
    assert not app.exception
    return app.session_state["answer"]


def outbox(design_id: str, *edits: Any) -> dict[str, Any]:
    return {"design_id": design_id, "attempt": 1, "revision": 0, "edits": list(edits)}


def resize(number: int, height: Any) -> dict[str, Any]:
    edit = {"nodes": {"photo": {"params": {"height": height}}}}
    return {"client": "tab", "number": number, "kind": "edit", "label": "Height", "edit": edit}


def photo() -> Design:
    return Design("tiny").add("photo", Image(height=32, width=32))


def test_an_outbox_is_answered_in_the_same_rerun(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, outbox=outbox(design_id, resize(1, 64)))
    assert (answer["revision"], answer["acknowledged"]) == (1, {"tab": 1})
    assert answer["overlay"]["nodes"]["photo"]["shape"] == "64x32x3"
    assert answer["history"] == {"undo": "Height", "redo": None}


def test_a_refused_edit_comes_back_as_a_notice(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, outbox=outbox(design_id, resize(1, 1e300)))
    assert (answer["revision"], answer["acknowledged"]) == (0, {"tab": 1})
    assert answer["notices"] == [
        {"id": "tab-1-0", "message": "height must be a number up to 2^53, got 1e+300"}
    ]


def test_an_outbox_for_another_design_goes_there(shelf: Library) -> None:
    shown, other = shelf.create(photo(), LOCAL), shelf.create(photo(), LOCAL)
    answer = said(shown, outbox=outbox(other, resize(1, 64)))
    assert (answer["design_id"], answer["revision"], answer["acknowledged"]) == (shown, 0, {})
    assert shelf.open(other, LOCAL).revision == 1


@pytest.mark.parametrize("nonsense", [None, 3, [], {}, {"design_id": 4}, {"design_id": "no"}])
def test_an_outbox_that_is_none_changes_nothing(shelf: Library, nonsense: Any) -> None:
    design_id = shelf.create(photo(), LOCAL)
    assert said(design_id, outbox=nonsense, selection=3, action=nonsense)["revision"] == 0


def test_the_catalogue_is_sent_until_the_canvas_has_it(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    assert said(design_id)["catalog"]
    greeting = outbox(design_id) | {"catalog": False}
    assert said(design_id, outbox=greeting)["catalog"]
    assert said(design_id, outbox=greeting | {"catalog": True})["catalog"] is None


def test_the_pictures_of_blocks_are_sent_from_when_they_are_wanted_until_the_canvas_has_them(
    shelf: Library,
) -> None:
    design_id = shelf.create(photo(), LOCAL)
    greeting = outbox(design_id) | {"catalog": True, "insides": False}
    assert said(design_id, outbox=greeting)["insides"] is None
    assert "Conv" in said(design_id, outbox=greeting, insides=True)["insides"]
    assert said(design_id, outbox=greeting | {"insides": True}, insides=True)["insides"] is None


def test_a_restore_ends_even_where_it_cannot_arrive(
    shelf: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A design whose difference never becomes empty would otherwise be edited for ever."""
    design_id = shelf.create(photo(), LOCAL)
    shelf.apply_outbox(design_id, LOCAL, [resize(1, 64)])
    monkeypatch.setattr("editor.open_design.leading_to", lambda design, goal: {"name": "again"})
    assert restored(design_id, 0) == 1 + RESTORING_STEPS


def restored(design_id: str, revision: int) -> int:
    """Restore a revision in a session; return the revision that this makes."""

    def script() -> None:
        import streamlit as st

        from editor.session import Session

        Session().restore(st.session_state["then"])
        st.session_state["answer"] = Session().revision

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["design"] = design_id
    app.session_state["then"] = revision
    app.run()
    assert not app.exception
    return int(app.session_state["answer"])


def test_a_template_opens_as_a_new_design(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, action={"kind": "open_template", "id": "tutorial_vgg"})
    assert answer["design_id"] != design_id
    assert answer["overlay"]["totals"]["params"] == "38720"


def test_a_template_opens_for_the_size_and_classes_asked_for(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    asked = {"kind": "open_template", "id": "resnet18", "height": "96", "classes": "7"}
    answer = said(design_id, action=asked)
    shapes = {node["shape"] for node in answer["overlay"]["nodes"].values()}
    assert "96x224x3" in shapes
    assert "7" in shapes


@pytest.mark.parametrize("height", ["1.5", "", "-3", 96, "9" * 20])
def test_a_size_that_is_no_whole_number_is_said(shelf: Library, height: object) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, action={"kind": "open_template", "id": "resnet18", "height": height})
    assert answer["design_id"] == design_id
    assert "height must be a whole number" in answer["notices"][0]["message"]


def test_the_menu_has_every_template_with_picture_numbers_and_ends(shelf: Library) -> None:
    entries = {entry["id"]: entry for entry in said(shelf.create(photo(), LOCAL))["templates"]}
    assert entries.keys() == templates().keys()
    assert entries["vgg16"]["params"] == "138357544"
    assert [end["name"] for end in entries["vgg16"]["ends"]] == [
        *("height", "width", "channels", "classes")
    ]
    assert all(entry["picture"].startswith("<svg") for entry in entries.values())


def test_an_unknown_template_is_said(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, action={"kind": "open_template", "id": "nothing"})
    assert answer["design_id"] == design_id
    assert "there is no template 'nothing'" in answer["notices"][0]["message"]


def test_a_copy_says_what_it_grew_from(shelf: Library) -> None:
    design_id = shelf.create(photo(), LOCAL)
    answer = said(design_id, action={"kind": "duplicate"})
    assert answer["document"]["name"] == "tiny copy"
    with shelf._database.reading() as db:
        (origin,) = db.execute(
            "SELECT origin FROM designs WHERE id = ?", (answer["design_id"],)
        ).fetchone()
    assert origin == f"{design_id}/0"


def test_what_is_folded_in_the_diagram_is_drawn_so(shelf: Library) -> None:
    design = photo().add("block", BLOCKS["VGGBlock"](), after="photo")
    design_id = shelf.create(design, LOCAL)
    folds = {"design_id": design_id, "folded": ["block", 3], "unfolded": None}
    assert "subgraph" in said(design_id)["dot"]
    assert "subgraph" not in said(design_id, folds=folds)["dot"]
    assert "subgraph" in said(design_id, folds=folds | {"design_id": "other"})["dot"]


def test_own_blocks_and_the_open_one_come_with_the_design(shelf: Library) -> None:
    design = photo().add("stem", BLOCKS["Conv"](filters=8), after="photo")
    design, _ = design.apply(pack(design, ["stem"], "My stem", instance_id="inst"))
    design_id = shelf.create(design, LOCAL)
    path = {"design_id": design_id, "path": ["my_stem"]}
    answer = said(design_id, inside=path)
    assert [block["type"] for block in answer["own"]] == ["own:my_stem"]
    assert answer["inside"]["overlay"]["nodes"]["stem"]["params"] == "224"
    assert answer["inside"]["overlay"]["nodes"]["port_in_in"]["shape"] == "32x32x3"
    assert said(design_id)["inside"] is None
    assert said(design_id, inside=path | {"path": ["gone"]})["inside"]["overlay"] is None
    assert said(design_id, inside={"path": 3})["inside"] is None
