"""Every page runs, shows the open design, and never loads a deep-learning library."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from blocks import Design, read, template
from editor.server import LOCAL
from editor.store import Library

ROOT = Path(__file__).parents[2]


def opened(design_id: str = "", page: str = "") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if design_id:
        app.query_params["design"] = design_id
    app.run()
    if page:
        app.switch_page(f"editor/pages/{page}.py").run()
    assert not app.exception
    return app


def payload(app: AppTest) -> Any:
    return json.loads(app.get("bidi_component")[0].proto.json)


def test_the_first_visit_begins_an_empty_design(home: Path) -> None:
    app = opened()
    sent = payload(app)
    assert (sent["revision"], sent["document"]["nodes"]) == (0, [])
    assert {"Conv", "VGGBlock"} <= {entry["type"] for entry in sent["catalog"]}
    assert "tutorial_vgg" in {entry["id"] for entry in sent["templates"]}


def test_the_address_names_the_design(shelf: Library) -> None:
    wanted = shelf.create(template("tutorial_vgg"), LOCAL)
    shelf.create(Design("later"), LOCAL)
    sent = payload(opened(wanted))
    assert sent["design_id"] == wanted
    assert sent["overlay"]["totals"]["params"] == "38720"
    assert sent["overlay"]["nodes"]["vgg_block_1"]["shape"] == "128x128x64"


def test_without_an_address_the_last_edited_design_opens(shelf: Library) -> None:
    first = shelf.create(template("tutorial_vgg"), LOCAL)
    shelf.create(Design("later"), LOCAL)
    shelf.rename(first, LOCAL, "edited last")
    assert payload(opened())["document"]["name"] == "edited last"


@pytest.mark.parametrize("owner", ["", "somebody else"])
def test_a_design_that_is_not_there_is_said(shelf: Library, owner: str) -> None:
    asked = shelf.create(Design("private"), owner) if owner else "0123456789abcdef"
    shelf.create(Design("mine"), LOCAL)
    sent = payload(opened(asked))
    assert sent["document"]["name"] == "mine"
    assert f"there is no design '{asked}' in your library" in sent["notices"][0]["message"]


def test_the_layer_table_has_a_row_for_every_layer(shelf: Library) -> None:
    app = opened(shelf.create(template("tutorial_vgg3"), LOCAL))
    table = app.dataframe[0].value
    assert len(table) == 12
    assert table["Parameters"].sum() == 2_325_568


@pytest.mark.parametrize("panel", ["Layers", "Charts", "Code"])
@pytest.mark.parametrize("name", ["empty", "tutorial_residual", "broken", "absurd"])
def test_every_panel_shows_every_kind_of_design(shelf: Library, panel: str, name: str) -> None:
    app = opened(shelf.create(design_named(name), LOCAL))
    app.button_group[0].set_value(panel).run()
    assert not app.exception


def design_named(name: str) -> Design:
    from blocks import Conv, Dense, Flatten, Image

    if name == "empty":
        return Design()
    if name == "broken":
        return Design().add("photo", Image()).add("stem", Conv(filters=0), after="photo")
    if name == "absurd":
        design = Design().add("photo", Image(224, 224, 64)).add("flat", Flatten(), after="photo")
        return design.add("wide", Dense(units=1_000_000), after="flat")
    return template(name)


def test_an_absurd_design_shows_its_exact_numbers_and_refuses_its_code(shelf: Library) -> None:
    app = opened(shelf.create(design_named("absurd"), LOCAL))
    assert payload(app)["overlay"]["totals"]["params"] == str(224 * 224 * 64 * 10**6 + 10**6)
    app.button_group[0].set_value("Code").run()
    assert "can be built" in app.markdown[-1].value


def test_the_code_is_for_the_library_that_is_chosen(shelf: Library) -> None:
    app = opened(shelf.create(template("tutorial_vgg"), LOCAL))
    app.button_group[0].set_value("Code").run()
    assert "from keras import layers" in app.code[0].value
    app.button_group[1].set_value("PyTorch").run()
    assert "class VGGBlock(nn.Module):" in app.code[0].value
    assert not {"torch", "tensorflow"} & set(in_a_new_process())


def in_a_new_process() -> list[str]:
    """Return what has been imported once code for PyTorch was written."""
    script = (
        "import sys, blocks\n"
        "blocks.torch_code(blocks.template('tutorial_vgg'))\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_an_unknown_block_type_is_a_problem_on_its_block(shelf: Library) -> None:
    node = {"id": "n1", "name": "oracle", "block": "Oracle", "params": {"depth": 3}}
    design = read({"format": "blockwright", "version": 1, "nodes": [node], "links": []})
    sent = payload(opened(shelf.create(design, LOCAL)))
    assert sent["overlay"]["problems"][0]["node"] == "n1"
    assert "'Oracle' is not known" in sent["overlay"]["problems"][0]["message"]
    assert sent["document"]["nodes"][0]["params"] == {"depth": 3}


def cards(app: AppTest) -> list[str]:
    return [one.proto.body for one in app.get("html") if 'class="card"' in one.proto.body]


def test_the_library_page_lists_the_designs(shelf: Library) -> None:
    shelf.create(template("tutorial_vgg"), LOCAL)
    shelf.create(design_named("broken"), LOCAL)
    app = opened(page="library")
    first, second = cards(app)
    assert "<h3>untitled</h3>" in first
    assert "1 to mend" in first
    assert "<h3>tutorial_vgg</h3>" in second
    assert "38,720 parameters" in second
    assert "data:image/svg+xml;base64," in second


def test_the_library_page_begins_a_new_design(shelf: Library) -> None:
    shelf.create(Design("old"), LOCAL)
    app = opened(page="library")
    app.button[0].click().run()
    assert not app.exception
    assert [entry.name for entry in shelf.designs(LOCAL)] == ["untitled", "old"]


def test_the_app_never_loads_a_deep_learning_library(home: Path) -> None:
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"app = AppTest.from_file({str(ROOT / 'app.py')!r}, default_timeout=60).run()\n"
        "for page in ('gallery', 'library', 'compare', 'train', 'design'):\n"
        "    app.switch_page(f'editor/pages/{page}.py').run()\n"
        "    assert not app.exception, app.exception\n"
        "print(sorted({'keras', 'tensorflow', 'jax', 'torch'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_library_that_cannot_be_used_is_said_in_a_sentence(shelf: Library, home: Path) -> None:
    with shelf._database.transaction() as db:
        db.execute("PRAGMA user_version = 99")
    app = opened()
    assert "has version 99, this program knows" in app.error[0].value.replace("\\", "")


def test_what_there_is_to_say_is_said_once_on_a_page_without_a_canvas(shelf: Library) -> None:
    mine = shelf.create(Design("mine"), LOCAL)
    app = opened(mine)
    app.query_params["design"] = "0123456789abcdef"
    app.switch_page("editor/pages/train.py").run()
    (toast,) = app.toast
    assert toast.value == (
        "There is no design '0123456789abcdef' in your library; this is the design you edited last"
    )
    app.run()
    assert not app.toast
    app.switch_page("editor/pages/design.py").run()
    assert payload(app)["notices"] == []


def test_what_the_canvas_said_is_not_said_again_on_another_page(shelf: Library) -> None:
    shelf.create(Design("mine"), LOCAL)
    app = opened("0123456789abcdef")
    assert len(payload(app)["notices"]) == 1
    app.switch_page("editor/pages/train.py").run()
    assert not app.toast


def test_a_repair_that_no_longer_applies_is_said_on_the_train_page(shelf: Library) -> None:
    digits = template("digits")
    head = digits.node("classes").id
    unfit, _ = digits.apply({"nodes": {head: {"params": {"classes": 7}}}})
    mine = shelf.create(unfit, LOCAL)
    app = opened(mine, "train")
    repair = next(one for one in app.button if one.label.startswith("Set classes to 10"))
    shelf.edit(mine, LOCAL, "Remove", {"nodes": {head: None}})
    repair.click().run()
    (toast,) = app.toast
    assert "was removed meanwhile" in toast.value
