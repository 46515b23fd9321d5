"""The shape of an edit that a browser sent. Pure: no Streamlit, no database.

A browser can send anything, so nothing here trusts the shape, the type, the size or the depth of
what came. A value of a parameter is not judged: half-drawn is normal, analysis speaks about it.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from blocks import Budget, Carried, Edit, EditError, ReadError, check_definitions, check_notes

MAX_NODES = 1_000
MAX_LINKS = 5_000
MAX_NAME = 64
MAX_TITLE = 200
MAX_TEXT = 2_000
MAX_NUMBER = 2**53 - 1
MAX_PLACE = 1e7
MAX_DEPTH = 4
MAX_ENTRIES = 200

NODE_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
LINK = re.compile(r"([A-Za-z0-9_-]{1,40}):(\w{1,40})>([A-Za-z0-9_-]{1,40}):(\w{1,40})", re.ASCII)


def check_edit(value: object) -> Edit:
    """Return an edit that has the shape of one; its values may still be nonsense.

    Raises:
        EditError: it has not; the sentence names the part, the rule and what came.
    """
    edit = _mapping("an edit", value, most=7)
    parts = ("name", "definitions", "nodes", "links", "weights", "budget", "notes")
    _only("an edit", edit, parts)
    if "name" in edit:
        check_text("the design's name", edit["name"], MAX_TITLE)
    check_own(edit.get("definitions", {}))
    Carried.of(edit.get("weights"))
    Budget.of(edit.get("budget"))
    check_notes(edit.get("notes", {}))
    for node_id, fields in _mapping("the blocks of an edit", edit.get("nodes", {})).items():
        if not NODE_ID.fullmatch(node_id):
            raise EditError(f"a block's id may be 40 letters and digits, got {shown(node_id)}")
        if fields is not None:
            _check_fields(_mapping(f"block {node_id}", fields))
    for key, fields in _mapping("the links of an edit", edit.get("links", {}), MAX_LINKS).items():
        _check_link(key, fields)
    return edit


def check_own(value: object) -> Mapping[str, Any]:
    """Return definitions of own blocks by id; None in place of one removes it.

    Raises:
        EditError: they do not have the shape of some.
    """
    definitions = _mapping("own blocks", value, MAX_ENTRIES)
    try:
        check_definitions({key: data for key, data in definitions.items() if data is not None})
        json.dumps(definitions, allow_nan=False)
    except ReadError as error:
        raise EditError(str(error)) from None
    except ValueError:
        raise EditError("an own block holds a number that is not finite; write another") from None
    return definitions


def _check_fields(fields: Mapping[str, Any]) -> None:
    _only("a block", fields, tuple(FIELDS))
    for name, value in fields.items():
        FIELDS[name](f"a block's {name}", value)


def _check_link(key: str, fields: object) -> None:
    if not LINK.fullmatch(key):
        raise EditError(f"{shown(key)} is not a link; write it source:port>target:port")
    if fields is None:
        return
    link = _mapping("a link", fields, most=1)
    _only("a link", link, ("order",))
    order = link.get("order", 0)
    if not is_whole(order) or not 0 <= order <= MAX_LINKS:
        raise EditError(f"a link's order must be a whole number from 0, got {shown(order)}")


def _mapping(what: str, value: object, most: int = MAX_NODES) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise EditError(f"{what} must be an object, got {shown(value)}")
    if len(value) > most:
        raise EditError(f"{what} may have {most:,} parts, got {len(value):,}")
    for key in value:
        if not is_plain(key):
            raise EditError(f"{what} may not have half a character as a key, got {shown(key)}")
    return value


def _only(what: str, value: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [name for name in value if name not in known]
    if unknown:
        raise EditError(f"{what} has no part {shown(unknown[0])}")


def check_text(what: str, value: object, most: int) -> None:
    if not isinstance(value, str) or not is_plain(value):
        raise EditError(f"{what} must be text, got {shown(value)}")
    if len(value) > most:
        raise EditError(f"{what} may have {most:,} characters, got {len(value):,}; shorten it")


def _name(what: str, value: object) -> None:
    check_text(what, value, MAX_NAME)


def _note(what: str, value: object) -> None:
    check_text(what, value, MAX_TEXT)


def _place(what: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_PLACE:
        raise EditError(f"{what} must be a number up to 10,000,000, got {shown(value)}")


def _flag(what: str, value: object) -> None:
    if not isinstance(value, bool):
        raise EditError(f"{what} must be true or false, got {shown(value)}")


def _scalar(what: str, value: object) -> None:
    """Admit what a form field can hold: text, a finite number, yes or no, nothing."""
    if isinstance(value, str):
        check_text(what, value, MAX_TEXT)
    elif isinstance(value, int | float):
        if not abs(value) <= MAX_NUMBER:
            raise EditError(f"{what} must be a number up to 2^53, got {shown(value)}")
    elif value is not None:
        raise EditError(f"{what} must be a number, text, true or false, got {shown(value)}")


def _params(what: str, value: object) -> None:
    for name, item in _mapping(what, value, MAX_ENTRIES).items():
        check_text("a parameter's name", name, MAX_NAME)
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
        check_text("a layer's name", name, MAX_TEXT)
        check_text("a layer's name", other, MAX_TEXT)


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


def is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def is_plain(text: str) -> bool:
    """Tell whether a text can be stored: half of a surrogate pair cannot be written as UTF-8."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def shown(value: object) -> str:
    """Return what came as a sentence may quote it: a short scalar, else only its type."""
    if isinstance(value, str):
        return ascii(value[:40])[:60]
    if value is None or isinstance(value, bool | float):
        return str(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= 10**20 else "a huge number"
    return f"a {type(value).__name__}"
