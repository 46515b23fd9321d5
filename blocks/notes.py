"""Notes on the canvas: words beside the blocks, for people; nothing that is built reads them."""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from blocks.errors import EditError

ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
MAX_NOTES = 200
MAX_TEXT = 2_000
MAX_PLACE = 1e7
MAX_SIZE = 4_000


@dataclass(frozen=True)
class Note:
    """A note on the canvas; place and size are in pixels, the text is plain."""

    text: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 224.0
    height: float = 96.0

    def to_json(self) -> dict[str, Any]:
        """Return the note as its JSON object."""
        return asdict(self)


FIELDS = tuple(field.name for field in fields(Note))


def notes_of(value: Any) -> dict[str, Note]:
    """Return the notes of a design's JSON, by id; nothing, or null for a note, stands for none.

    Raises:
        EditError: naming the part, the rule and what came.
    """
    check_notes(value or {})
    return {note_id: Note(**data) for note_id, data in (value or {}).items() if data is not None}


def check_notes(value: Any) -> None:
    """Check notes by id, or changes of them, of which null removes one.

    Raises:
        EditError: they have not the shape of some.
    """
    if not isinstance(value, Mapping) or len(value) > MAX_NOTES:
        raise EditError(f"notes must be an object of at most {MAX_NOTES} entries")
    for note_id, data in value.items():
        if not isinstance(note_id, str) or not ID.fullmatch(note_id):
            raise EditError(f"a note's id may be 40 letters and digits, got {note_id!a:.60}")
        if data is not None:
            _check(data)


def _check(data: Any) -> None:
    if not isinstance(data, Mapping) or not set(data) <= set(FIELDS):
        raise EditError(f"a note has the fields {', '.join(FIELDS)}, got {data!a:.60}")
    text = data.get("text", "")
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise EditError(f"a note's text may have {MAX_TEXT:,} characters; shorten it")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise EditError("a note's text holds half a character (a lone surrogate)")
    limits = {"x": MAX_PLACE, "y": MAX_PLACE, "width": MAX_SIZE, "height": MAX_SIZE}
    for name, most in limits.items():
        number = data.get(name, 0)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise EditError(f"a note's {name} must be a number, got {number!a:.40}")
        if not math.isfinite(number) or abs(number) > most:
            raise EditError(
                f"a note's {name} must be a number up to {most:,.0f}, got {number!a:.40}"
            )


def patched(
    notes: Mapping[str, Note], changes: Mapping[str, Any]
) -> tuple[dict[str, Note], dict[str, Any]]:
    """Return the notes after changes, and the changes that take them back.

    Raises:
        EditError: a change of place or size is of a note that is gone.
    """
    check_notes(changes)
    found, inverse = dict(notes), dict[str, Any]()
    for note_id, data in changes.items():
        old = found.get(note_id)
        if data is None:
            if old:
                inverse[note_id] = found.pop(note_id).to_json()
        elif old:
            inverse[note_id] = {name: getattr(old, name) for name in data}
            found[note_id] = replace(old, **data)
        elif "text" not in data:
            raise EditError(
                f"a note was removed meanwhile: its change of {', '.join(data)} is lost"
            )
        else:
            inverse[note_id] = None
            found[note_id] = Note(**data)
    if len(found) > MAX_NOTES:
        raise EditError(f"a design may have {MAX_NOTES} notes, got {len(found)}; remove some")
    return found, inverse
