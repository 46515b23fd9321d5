"""All that the canvas shows of the open design: the document, its numbers, the answers."""

from collections.abc import Sequence
from typing import Any

from blocks import block_pictures, catalog_schema
from editor.said import folds, of_outbox
from editor.server import template_list
from editor.session import Session, said
from editor.view import View


def payload(session: Session) -> dict[str, Any]:
    """Return the canvas's data; what it knows already, catalogue and templates, is left out."""
    stored, view = session.stored, session.view
    known, seen = (of_outbox(said("outbox"), name) is True for name in ("catalog", "insides"))
    return {
        "tabs": session.say_shown(),
        "guest": session.is_guest,
        "design_id": stored.id,
        "revision": stored.revision,
        "acknowledged": session.acknowledged,
        "document": view.document,
        "overlay": view.overlay_beside(session.selection),
        "fit": session.fitting,
        "pointed": session.recall("pointed"),
        "dot": view.dot(*folds(said("folds"), stored.id)),
        "history": {"undo": stored.undo, "redo": stored.redo},
        "notices": [{"id": one.id, "message": one.message} for one in session.give_notices()],
        "own": view.own,
        "elsewhere": session.library.own_elsewhere(stored, session.owner),
        "inside": _inside(session.inside, view),
        "catalog": None if known else catalog_schema(),
        "templates": None if known else template_list(),
        "insides": block_pictures() if said("insides") is True and not seen else None,
    }


def _inside(path: Sequence[str], view: View) -> dict[str, Any] | None:
    """Return what there is to show of the definition that this tab has open."""
    if not path:
        return None
    shown = view.keep(f"inside/{'/'.join(path)}", lambda kept: kept.inside(tuple(path)))
    return {"path": path, **(shown or {"overlay": None, "dot": ""})}
