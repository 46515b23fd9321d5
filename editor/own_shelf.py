"""Own blocks of a person's other designs, ready for the palette of the one that is open.

The library keeps each design's definitions beside it, so that no design has to be read for them.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from blocks import Design, needed_definitions

MOST = 100
CATEGORY = "From other designs"


def keep(db: sqlite3.Connection, design_id: str, definitions: Mapping[str, Any]) -> None:
    """Write down the definitions a design has now; inside a transaction."""
    if not definitions:
        db.execute("DELETE FROM own_blocks WHERE design = ?", (design_id,))
        return
    text = json.dumps(definitions, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    db.execute("INSERT OR REPLACE INTO own_blocks VALUES (?, ?)", (design_id, text))


def elsewhere(db: sqlite3.Connection, owner: str, design_id: str) -> list[tuple[str, str]]:
    """Return (name, definitions) of an owner's other designs, the last edited one first."""
    rows = db.execute(
        "SELECT name, definitions FROM own_blocks JOIN designs ON designs.id = own_blocks.design "
        "WHERE owner = ? AND deleted IS NULL AND designs.id != ? ORDER BY updated DESC LIMIT ?",
        (owner, design_id, MOST),
    )
    return [(row["name"], row["definitions"]) for row in rows]


def shelf(found: Iterable[tuple[str, str]], design: Design) -> list[dict[str, Any]]:
    """Return palette entries of own blocks that a design has not got, each once.

    An entry `brings` the definitions that go into the design with it.
    """
    entries: list[dict[str, Any]] = []
    seen = {_key(design.definitions, name) for name in design.definitions}
    for name, text in found:
        for definition_id, schema, brings in _entries(text):
            key = _key(brings, definition_id)
            if key not in seen and len(entries) < MOST:
                seen.add(key)
                summary = f"{schema['summary']} From the design {name}."
                entries.append(schema | {"summary": summary, "brings": brings})
    return entries


@lru_cache(maxsize=MOST)
def _entries(text: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Return (id, palette entry, definitions it needs) for each definition in a JSON text."""
    definitions = json.loads(text)
    own = Design(definitions=definitions).own
    return [
        (
            definition_id,
            own[f"own:{definition_id}"].schema() | {"category": CATEGORY},
            needed_definitions(definitions, definition_id),
        )
        for definition_id in definitions
        if f"own:{definition_id}" in own
    ]


def _key(definitions: Mapping[str, Any], definition_id: str) -> str:
    """Return what is equal for equal blocks of one title, wherever they were made."""
    return json.dumps([definition_id, definitions[definition_id]], sort_keys=True)
