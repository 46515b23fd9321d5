"""What a canvas sends, checked and turned into edits. Pure: no Streamlit, no database.

A browser can send anything, so nothing here trusts the shape, the type, the size or the depth of
what came. A value of a parameter is not judged: half-drawn is normal, analysis speaks about it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeGuard, cast

from blocks import Design, Edit, EditError

MAX_MESSAGES = 2_000
MAX_NODES = 1_000
MAX_LINKS = 5_000
MAX_NAME = 64
MAX_TITLE = 200
MAX_TEXT = 2_000
MAX_NUMBER = 2**53 - 1
MAX_PLACE = 1e7
MAX_DEPTH = 4
MAX_ENTRIES = 200

CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
NODE_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
LINK = re.compile(r"([A-Za-z0-9_-]{1,40}):(\w{1,40})>([A-Za-z0-9_-]{1,40}):(\w{1,40})", re.ASCII)

Kind = Literal["edit", "undo", "redo"]


@dataclass(frozen=True)
class Message:
    """One numbered message of a canvas; `fault` is why its edit is not taken, else empty.

    An edit that `continues` the message before it is one step of undo with it: typed letters.
    """

    client: str
    number: int
    kind: Kind
    label: str = ""
    edit: Edit | None = None
    fault: str = ""
    continues: bool = False


@dataclass(frozen=True)
class Refusal:
    """Something that came in place of a message and cannot even be acknowledged."""

    fault: str


def read_messages(value: object) -> list[Message | Refusal]:
    """Return the messages of an outbox's `edits`, in order; never raises.

    More than 2,000 are left for the next time: the canvas sends again what is not acknowledged.
    """
    if not isinstance(value, list | tuple):
        return [Refusal(f"the edits must be a list, got {_shown(value)}; reload the page")]
    return [_read_message(entry) for entry in value[:MAX_MESSAGES]]


def _read_message(entry: object) -> Message | Refusal:
    if not isinstance(entry, Mapping):
        return Refusal(f"an edit must be an object, got {_shown(entry)}; reload the page")
    client, number = entry.get("client"), entry.get("number")
    if not isinstance(client, str) or not CLIENT.fullmatch(client):
        return Refusal(f"an edit must name its client, got {_shown(client)}; reload the page")
    if not _is_whole(number) or not 1 <= number <= MAX_NUMBER:
        return Refusal(f"an edit must have a number from 1, got {_shown(number)}; reload the page")
    kind, label = entry.get("kind"), entry.get("label")
    if kind not in ("edit", "undo", "redo"):
        return Message(client, number, "edit", fault=f"there is no edit of kind {_shown(kind)}")
    label = label[:MAX_NAME] if isinstance(label, str) and _is_plain(label) else "Edit"
    message = Message(client, number, cast(Kind, kind), label)
    if kind != "edit":
        return message
    try:
        edit = check_edit(entry.get("edit"))
        return replace(message, edit=edit, continues=entry.get("continues") is True)
    except EditError as error:
        return Message(client, number, "edit", label, fault=str(error))


def check_edit(value: object) -> Edit:
    """Return an edit that has the shape of one; its values may still be nonsense.

    Raises:
        EditError: it has not; the sentence names the part, the rule and what came.
    """
    edit = _mapping("an edit", value, most=3)
    _only("an edit", edit, ("name", "nodes", "links"))
    if "name" in edit:
        _text("the design's name", edit["name"], MAX_TITLE)
    for node_id, fields in _mapping("the blocks of an edit", edit.get("nodes", {})).items():
        if not NODE_ID.fullmatch(node_id):
            raise EditError(f"a block's id may be 40 letters and digits, got {_shown(node_id)}")
        if fields is not None:
            _check_fields(_mapping(f"block {node_id}", fields))
    for key, fields in _mapping("the links of an edit", edit.get("links", {}), MAX_LINKS).items():
        _check_link(key, fields)
    return edit


def grow(design: Design, edit: Edit) -> tuple[Design, Edit]:
    """Apply an edit as a person's: the result may not pass 1,000 blocks or 5,000 links.

    Raises:
        EditError: it does, or the edit does not apply.
    """
    after, inverse = design.apply(edit)
    for what, most, before, count in (
        ("blocks", MAX_NODES, len(design.nodes), len(after.nodes)),
        ("links", MAX_LINKS, len(design.links), len(after.links)),
    ):
        if count > max(before, most):
            raise EditError(
                f"a design may have {most:,} {what}, got {count:,}; repeat a block instead"
            )
    return after, inverse


def renamed(edit: Edit, after: Design) -> list[str]:
    """Return a sentence for every block that got another name than the edit asked for."""
    asked = {
        node_id: fields["name"]
        for node_id, fields in (edit.get("nodes") or {}).items()
        if fields and fields.get("name")
    }
    return [
        f"the name {name} is taken, so the block is called {after.nodes[node_id].name}"
        for node_id, name in asked.items()
        if node_id in after.nodes and after.nodes[node_id].name != name
    ]


def _check_fields(fields: Mapping[str, Any]) -> None:
    _only("a block", fields, tuple(FIELDS))
    for name, value in fields.items():
        FIELDS[name](f"a block's {name}", value)


def _check_link(key: str, fields: object) -> None:
    if not LINK.fullmatch(key):
        raise EditError(f"{_shown(key)} is not a link; write it source:port>target:port")
    if fields is None:
        return
    link = _mapping("a link", fields, most=1)
    _only("a link", link, ("order",))
    order = link.get("order", 0)
    if not _is_whole(order) or not 0 <= order <= MAX_LINKS:
        raise EditError(f"a link's order must be a whole number from 0, got {_shown(order)}")


def _mapping(what: str, value: object, most: int = MAX_NODES) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise EditError(f"{what} must be an object, got {_shown(value)}")
    if len(value) > most:
        raise EditError(f"{what} may have {most:,} parts, got {len(value):,}")
    return value


def _only(what: str, value: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [name for name in value if name not in known]
    if unknown:
        raise EditError(f"{what} has no part {_shown(unknown[0])}")


def _text(what: str, value: object, most: int) -> None:
    if not isinstance(value, str) or not _is_plain(value):
        raise EditError(f"{what} must be text, got {_shown(value)}")
    if len(value) > most:
        raise EditError(f"{what} may have {most:,} characters, got {len(value):,}; shorten it")


def _name(what: str, value: object) -> None:
    _text(what, value, MAX_NAME)


def _note(what: str, value: object) -> None:
    _text(what, value, MAX_TEXT)


def _place(what: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_PLACE:
        raise EditError(f"{what} must be a number up to 10,000,000, got {_shown(value)}")


def _flag(what: str, value: object) -> None:
    if not isinstance(value, bool):
        raise EditError(f"{what} must be true or false, got {_shown(value)}")


def _scalar(what: str, value: object) -> None:
    """Admit what a form field can hold: text, a finite number, yes or no, nothing."""
    if isinstance(value, str):
        _text(what, value, MAX_TEXT)
    elif isinstance(value, int | float):
        if not abs(value) <= MAX_NUMBER:
            raise EditError(f"{what} must be a number up to 2^53, got {_shown(value)}")
    elif value is not None:
        raise EditError(f"{what} must be a number, text, true or false, got {_shown(value)}")


def _params(what: str, value: object) -> None:
    for name, item in _mapping(what, value, MAX_ENTRIES).items():
        _text("a parameter's name", name, MAX_NAME)
        _json(name, item, MAX_DEPTH)


def _json(what: str, value: object, depth: int) -> None:
    """Admit a small JSON value: a block of a type not known here may hold lists and objects."""
    if not isinstance(value, Mapping | list):
        _scalar(what, value)
        return
    if depth == 0 or len(value) > MAX_ENTRIES:
        raise EditError(f"{what} is too deep or too long: {MAX_DEPTH} levels of {MAX_ENTRIES}")
    if isinstance(value, Mapping):
        for name in _mapping(what, value):
            _note(f"a key of {what}", name)
    for item in value.values() if isinstance(value, Mapping) else value:
        _json(what, item, depth - 1)


def _layer_names(what: str, value: object) -> None:
    for name, other in _mapping(what, value).items():
        _text("a layer's name", name, MAX_TEXT)
        _text("a layer's name", other, MAX_TEXT)


FIELDS: Mapping[str, Callable[[str, object], None]] = {
    "block": _name,
    "name": _name,
    "params": _params,
    "first": _params,
    "repeat": _scalar,
    "frozen": _flag,
    "note": _note,
    "x": _place,
    "y": _place,
    "layer_names": _layer_names,
}


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_plain(text: str) -> bool:
    """Tell whether a text can be stored: half of a surrogate pair cannot be written as UTF-8."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(value: object) -> str:
    """Return what came as a sentence may quote it: a short scalar, else only its type."""
    if isinstance(value, str):
        return ascii(value[:40])
    if value is None or isinstance(value, bool | float):
        return str(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= 10**20 else "a huge number"
    return f"a {type(value).__name__}"
