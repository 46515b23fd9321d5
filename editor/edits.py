"""What a canvas sends, checked (`editor.checks`) and turned into edits. Pure: no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from blocks import Design, Edit, EditError
from editor.checks import (
    MAX_LINKS,
    MAX_NAME,
    MAX_NODES,
    MAX_NUMBER,
    check_edit,
    is_plain,
    is_whole,
    shown,
)
from editor.requests import KINDS as REQUESTS
from editor.requests import Request, check_request

MAX_MESSAGES = 2_000
CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")

KINDS = ("edit", "undo", "redo", *REQUESTS)


@dataclass(frozen=True)
class Message:
    """One numbered message of a canvas; `fault` is why its edit is not taken, else empty.

    A message that is no edit, undo or redo has its `request`, from which the edit is made.
    An edit that `continues` the message before it is one step of undo with it: typed letters.
    """

    client: str
    number: int
    kind: str
    label: str = ""
    edit: Edit | None = None
    fault: str = ""
    continues: bool = False
    request: Request | None = None


@dataclass(frozen=True)
class Refusal:
    """Something that came in place of a message and cannot even be acknowledged."""

    fault: str


def read_messages(value: object) -> list[Message | Refusal]:
    """Return the messages of an outbox's `edits`, in order; never raises.

    More than 2,000 are left for the next time: the canvas sends again what is not acknowledged.
    """
    if not isinstance(value, list | tuple):
        return [Refusal(f"the edits must be a list, got {shown(value)}; reload the page")]
    return [_read_message(entry) for entry in value[:MAX_MESSAGES]]


def _read_message(entry: object) -> Message | Refusal:
    if not isinstance(entry, Mapping):
        return Refusal(f"an edit must be an object, got {shown(entry)}; reload the page")
    client, number = entry.get("client"), entry.get("number")
    if not isinstance(client, str) or not CLIENT.fullmatch(client):
        return Refusal(f"an edit must name its client, got {shown(client)}; reload the page")
    if not is_whole(number) or not 1 <= number <= MAX_NUMBER:
        return Refusal(f"an edit must have a number from 1, got {shown(number)}; reload the page")
    kind, label = entry.get("kind"), entry.get("label")
    if kind not in KINDS:
        return Message(client, number, "edit", fault=f"there is no edit of kind {shown(kind)}")
    label = label[:MAX_NAME] if isinstance(label, str) and is_plain(label) else "Edit"
    message = Message(client, number, str(kind), label)
    if kind in ("undo", "redo"):
        return message
    try:
        if kind != "edit":
            return replace(message, request=check_request(entry))
        edit = check_edit(entry.get("edit"))
        return replace(message, edit=edit, continues=entry.get("continues") is True)
    except EditError as error:
        return Message(client, number, "edit", label, fault=str(error))


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
