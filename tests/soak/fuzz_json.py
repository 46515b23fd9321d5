"""Bad design files, share links, backups and messages of a canvas against the editor's readers.

A fourth of what opens is then shown as the Design page shows it: report, overlay with repairs,
diagram, code.
"""

import base64
import io
import json
import sys
import tempfile
import zipfile
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from blocks import (
    BlockwrightError,
    Classifier,
    Conv,
    Design,
    DesignError,
    ExportError,
    Image,
    export,
    pack,
    template,
)
from editor.links import read_link
from editor.panels.uploads import design_of
from editor.store import Library
from editor.view import View
from tests.soak._fuzzing import Importer, main
from tests.soak._mutations import mutated_archive, mutated_bytes, mutated_json

OWNER = "ann"
TEMPLATES = ("tutorial_vgg", "tutorial_inception", "tutorial_residual", "max_pool_fork", "lenet5")


def small() -> Design:
    """Return a design with the parts that a file may have: an own block, notes, a budget."""
    design = Design("tiny").add("photo", Image(16, 16, 3)).add("stem", Conv(8), after="photo")
    design = design.add("head", Classifier(4), after="stem")
    exposed = [{"name": "width", "targets": [{"node": "stem", "param": "filters"}], "max": 99}]
    design, _ = design.apply(pack(design, ["stem"], "My stem", exposed, "mine"))
    note = {"text": "look here", "x": 10, "y": 20, "width": 200, "height": 90}
    budget = {"params": 10_000, "training_bytes": 10**9, "batch_size": 8}
    design, _ = design.apply({"notes": {"n1": note}, "budget": budget})
    return design


@cache
def documents() -> list[Any]:
    """Return the JSON of the designs that are made bad."""
    return [small().to_json(), *(template(one).to_json() for one in TEMPLATES)]


def show(design: Design) -> None:
    """Make everything of a design that its page shows; what was opened has to be shown."""
    view = View(design)
    try:
        view.overlay_beside(set(design.nodes))
        view.dot(frozenset(), frozenset())
        json.dumps([view.document, view.own], ensure_ascii=False, allow_nan=False).encode()
        if design.nodes and not view.report.errors:
            with suppress(ExportError, DesignError):  # deeper than Keras builds, say
                export(design, "python")
    except BlockwrightError as error:
        raise AssertionError(f"what was opened cannot be shown: {error}") from error


SHOWN = 4
"""One in so many of the inputs that open is shown too."""


def show_some(design: Design, content: bytes) -> None:
    """Show the design of every fourth input; which ones, their bytes say."""
    if zlib.crc32(content) % SHOWN == 0:
        show(design)


def _design(random: Random) -> bytes:
    return mutated_json(random.choice(documents()), random)


def _link(random: Random) -> bytes:
    content = _design(random)[:60_000]
    packing = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packing.compress(content) + packing.flush()
    if random.random() < 0.2:
        packed = mutated_bytes(packed, random)
    text = base64.urlsafe_b64encode(packed).rstrip(b"=")
    return mutated_bytes(text, random, 2) if random.random() < 0.1 else text


def _open_link(content: bytes) -> None:
    show_some(read_link(content.decode("utf-8", "surrogateescape")), content)


@cache
def _backup() -> dict[str, bytes]:
    """Return the members of a good backup: a design with all it may have, and an empty one."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder) / "library.sqlite")
        library.create(Design(), OWNER)
        design_id = library.create(small(), OWNER, "template/tiny")
        edits: list[Any] = [
            {"nodes": {"head": {"params": {"classes": 7}}}},
            {"name": "tin", "nodes": {"photo": {"x": 3}}},
        ]
        entries = [
            {"client": "c1", "number": n, "kind": "edit", "label": f"Edit {n}", "edit": edit}
            for n, edit in enumerate(edits, start=1)
        ]
        library.apply_outbox(
            design_id, OWNER, [*entries, {"client": "c1", "number": 3, "kind": "undo"}]
        )
        library.versions.name(design_id, OWNER, 1, "the first")
        library.tag(design_id, OWNER, ["good", "small"])
        content = library.backup(OWNER)
        library.close()
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _bad_backup(random: Random) -> bytes:
    return mutated_archive(_backup(), random, _inside_json)


def _inside_json(name: str, content: bytes, random: Random) -> bytes:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):  # it was changed before
        return mutated_bytes(content, random)
    return mutated_json(data, random)


class _Kept:
    """One library for all inputs of a process: what comes in stays beside what is there."""

    def __init__(self) -> None:
        self._library: Library | None = None
        self._folder: Any = None

    def library(self) -> Library:
        if self._library is None:
            self._folder = tempfile.TemporaryDirectory()
            self._library = Library(Path(self._folder.name) / "library.sqlite")
            # Nothing here has to outlast a power cut, and there are very many of them.
            self._library._database._connection.execute("PRAGMA synchronous = OFF")
        return self._library


KEPT = _Kept()


def _open_backup(content: bytes) -> None:
    library = KEPT.library()
    library.take_backup(OWNER, content)
    try:
        for entry in library.designs(OWNER):
            show_some(library.open(entry.id, OWNER).design, content)
            library.versions.steps(entry.id, OWNER)
            library.delete(entry.id, OWNER)
    except BlockwrightError as error:
        raise AssertionError(f"what was brought back cannot be opened: {error}") from error
    library.empty(OWNER)


EDITS: list[Any] = [
    {"nodes": {"head": {"params": {"classes": 7}, "x": 1, "y": 2, "note": "n", "repeat": 2}}},
    {
        "nodes": {
            "new": {"block": "Conv", "name": "conv_9", "params": {"filters": 4}, "x": 0, "y": 0}
        }
    },
    {"links": {"mine:out>head:in": None, "photo:out>head:in": {"order": 0}}},
    {"nodes": {"mine": None}, "name": "other"},
    {"definitions": {"my_stem": None}},
]


def _outbox(random: Random) -> bytes:
    edits = [{"kind": "edit", "label": "Edit", "edit": edit} for edit in EDITS]
    edits += [{"kind": "undo"}, {"kind": "redo"}]
    edits += [
        {"kind": "pack", "nodes": ["head"], "title": "Mine", "params": [], "instance": "i9"},
        {"kind": "unpack", "node": "mine"},
    ]
    chosen = random.sample(edits, random.randint(1, 4))
    messages = [{"client": "c", "number": n, **one} for n, one in enumerate(chosen, start=1)]
    if random.random() < 0.3:
        definitions = small().to_json()["definitions"]
        messages[0] = messages[0] | {"kind": "edit", "edit": {"definitions": definitions}}
    return mutated_json(messages, random)


def _apply_outbox(content: bytes) -> None:
    try:
        # A canvas's JSON comes through Streamlit's parser: what it refuses never arrives here.
        messages = json.loads(content)
    except (ValueError, RecursionError):
        return
    library = KEPT.library()
    design_id = library.create(small(), OWNER)
    outcome = library.apply_outbox(design_id, OWNER, messages)
    for notice in outcome.notices:
        assert notice.message.isprintable(), notice.message
        assert len(notice.message) <= 300, notice.message
    show_some(library.open(design_id, OWNER).design, content)
    library.delete(design_id, OWNER)
    library.empty(OWNER)
    if outcome.notices:  # an edit that is refused comes back as a notice
        raise BlockwrightError(outcome.notices[0].message)


def _open_design(content: bytes) -> None:
    show_some(design_of(content), content)


IMPORTERS = (
    Importer("design JSON", _design, _open_design),
    Importer("share link", _link, _open_link),
    Importer("backup", _bad_backup, _open_backup),
    Importer("messages of a canvas", _outbox, _apply_outbox),
)

if __name__ == "__main__":
    sys.exit(main("tests.soak.fuzz_json", IMPORTERS))
