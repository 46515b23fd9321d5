"""What one browser tab has open. The only file that touches Streamlit's session state.

Nothing lives only here: a reload, a second tab or a restarted server find the same design in the
library, through the id in the address bar.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    Carried,
    Design,
    Template,
    home,
    leading_to,
    template,
    templates,
)
from editor import people, server
from editor.database import LibraryError
from editor.links import read_link
from editor.said import of_outbox, texts
from editor.starts import template_values
from editor.store import Notice, StoredDesign, new_id
from editor.tabs import this_tab
from editor.view import View

CANVAS = "canvas"
KEPT_NOTICES = 20
RESTORING_STEPS = 4
"""Names that two blocks change between take a second step; equal names never come to an end."""
GUEST_ID = re.compile("[0-9a-f]{16}")
FILLED = "train/filled"
KEEPING = ("keep", "duplicate", "history", "train")
"""What cannot be done with a design from a link before it is stored."""


class Session:
    """The design a tab shows, and what happens to it.

    Made anew for every rerun; what has to outlast one is in the library or, where it is only
    about this tab, in Streamlit's session state.
    """

    def __init__(self) -> None:
        path = _folder() / "library.sqlite"
        self.library, self.owner = server.library(path), people.owner()
        self._views, self._tabs, self._tab = server.views(path), server.tabs(path), this_tab()
        self._stored: StoredDesign | None = None

    @property
    def stored(self) -> StoredDesign:
        """The open design as the library has it; read once a rerun."""
        if self._stored is None:
            self._stored = self._opened()
        return self._stored

    @property
    def design_id(self) -> str:
        return self.stored.id

    @property
    def acknowledged(self) -> dict[str, int]:
        """The last edit taken of each canvas that wrote to this tab, by client."""
        return dict(st.session_state.get("acknowledged", {}))

    @property
    def last_shown(self) -> str:
        """The id of the design this tab showed last, "" before the first."""
        return str(st.session_state.get("design", ""))

    @property
    def revision(self) -> int:
        return self.stored.revision

    @property
    def view(self) -> View:
        """Everything there is to show of the open design."""
        return self.view_of(self.stored)

    def view_of(self, stored: StoredDesign) -> View:
        if stored.updated:
            return self._views.of(stored.id, stored.revision, stored.design)
        # A guest's id is in the address, where anybody may write one: the link says what it is.
        return self._views.of(st.session_state["guest"][0], 0, stored.design)

    def view_at(self, revision: int, design: Design) -> View:
        """Everything there is to show of the open design at one of its revisions."""
        return self._views.of(self.design_id, revision, design)

    def view_as(self, name: str, revision: int, design: Design) -> View:
        """Everything there is to show of a design that is not the open one."""
        return self._views.of(name, revision, design)

    @property
    def selection(self) -> tuple[str, ...]:
        """The ids of the blocks selected on the canvas."""
        return tuple(texts(said("selection")))

    def show(self, design_id: str) -> None:
        """Turn this tab to another design of the library."""
        st.session_state["design"] = design_id
        st.session_state["acknowledged"] = {}
        # An address without a design is the canvas's to complete: what is set from here becomes
        # a step of the browser's history, and Back would lead to it and no further.
        if st.query_params.get("design", design_id) != design_id:
            st.query_params["design"] = design_id
        self._stored = None

    def leave_design(self) -> None:
        """Say that this tab shows another page now: it need not hear of edits."""
        self._tabs.leave(self._tab)

    @property
    def is_guest(self) -> bool:
        """Whether the open design came in a link and is not in the library yet."""
        return self.stored.updated == 0.0

    def keep(self) -> None:
        """Store the open design if it is a guest, under the id that it is shown with."""
        if self.is_guest:
            guest = self.stored
            self.library.create(guest.design, self.owner, "link", guest.id)
            self.show(guest.id)

    def restore(self, revision: int) -> None:
        """Make the open design what it was at a revision, as an edit that can be undone.

        Raises:
            LibraryError: there is no such revision.
        """
        then = self.library.at(self.design_id, self.owner, revision)
        label = f"Restore revision {revision}"
        for _ in range(RESTORING_STEPS):
            edit = leading_to(self.stored.design, then)
            if not edit:
                return
            self._stored = self.library.edit(self.design_id, self.owner, label, edit)

    def carry(self, weights: Carried | None, label: str) -> None:
        """Make the open design carry weights, or none, as an edit that can be undone."""
        self.keep()
        edit = {"weights": weights.to_json() if weights else None}
        self._stored = self.library.edit(self.design_id, self.owner, label, edit)

    def create(self, design: Design, origin: str = "") -> str:
        """Store a new design and turn this tab to it."""
        design_id = self.library.create(design, self.owner, origin)
        self.show(design_id)
        return design_id

    def receive_outbox(self) -> None:
        """Take the canvas's outbox into the library and keep the answer for the payload."""
        outbox = said("outbox")
        if not isinstance(outbox, Mapping) or not isinstance(outbox.get("design_id"), str):
            return
        try:
            if self.is_guest and outbox["design_id"] == self.design_id:
                if not outbox.get("edits"):
                    return
                self.keep()
            outcome = self.library.apply_outbox(
                outbox["design_id"], self.owner, outbox.get("edits")
            )
        except BlockwrightError as error:
            # The canvas sends again what was not saved; the same refusal is said only once.
            self.notices.append(Notice(f"unsaved-{self.revision}-{error}", str(error)))
            return
        if outbox["design_id"] == st.session_state.get("design"):
            st.session_state["acknowledged"] = outcome.acknowledged
            self._stored = outcome.stored
        self.notices.extend(outcome.notices)

    def receive_action(self) -> None:
        """Do what the canvas asks for beside edits; a page does the rest with `wish`."""
        action = said("action")
        kind = action.get("kind") if isinstance(action, Mapping) else None
        try:
            if kind in KEEPING:
                self.keep()
            if kind == "new":
                self.create(Design())
            elif kind == "open_template":
                self.open_template(str(action.get("id")), None, **template_values(action))
            elif kind == "duplicate":
                self.duplicate(self.design_id)
            elif kind == "fit":
                self._fit(1 if action.get("multiple") == "1" else 8)
            elif kind != "keep":
                st.session_state["wish"] = kind
        except BlockwrightError as error:
            self.tell(str(error))

    def point(self, node_id: str) -> None:
        """Let the canvas of this tab select a block."""
        count = (self.recall("pointed") or {"id": 0})["id"] + 1
        self.remember("pointed", {"id": count, "design": self.design_id, "node": node_id})

    def chosen_row(self, table: str) -> int | None:
        """Return the row that is chosen in a table of this page, by the table's key."""
        state = st.session_state.get(table)
        chosen = state.get("selection") if isinstance(state, Mapping) else None
        rows = chosen.get("rows") if isinstance(chosen, Mapping) else None
        return rows[0] if isinstance(rows, list) and rows else None

    def _fit(self, multiple: int) -> None:
        """Keep, for the payloads of this revision, the width that keeps the budget."""
        found = self.view.fit(multiple)
        self.remember("fit", {"of": (self.design_id, self.revision), **found})

    @property
    def fitting(self) -> dict[str, Any] | None:
        """The width that keeps the budget, if it was asked for at this revision."""
        found = self.recall("fit")
        if not found or found["of"] != (self.design_id, self.revision):
            return None
        return {name: value for name, value in found.items() if name != "of"}

    def wish(self, kind: str) -> bool:
        """Tell, once, whether the person asked for something that a page has to do."""
        if st.session_state.get("wish") != kind:
            return False
        del st.session_state["wish"]
        return True

    def open_template(
        self, template_id: str, weights: Mapping[str, Any] | None = None, **values: int
    ) -> str:
        """Turn this tab to a new design drawn from a template, for other ends where asked.

        `weights` is what a design says of those it carries, as a fetch gives it.
        """
        design, _ = template(template_id, **values).apply({"weights": weights})
        return self.create(design, origin=f"template/{template_id}"[:80])

    @property
    def origin(self) -> Template | None:
        """The template that the open design began as, or None."""
        return templates().get(self.library.template_of(self.design_id, self.owner))

    def duplicate(self, design_id: str, revision: int | None = None) -> str:
        """Turn this tab to a copy of a design, as it is now or was at a revision."""
        stored = self.library.open(design_id, self.owner)
        design = stored.design
        if revision is not None:
            design = self.library.at(design_id, self.owner, revision)
        named, _ = design.apply({"name": f"{design.name} copy"})
        source = stored.revision if revision is None else revision
        return self.create(named, origin=f"{stored.id}/{source}")

    def tell(self, message: str) -> None:
        """Say something to the person, on the canvas or at the top of the page."""
        st.session_state["told"] = st.session_state.get("told", 0) + 1
        self.notices.append(Notice(f"told-{st.session_state['told']}", message))

    def say_shown(self) -> int:
        """Say what this tab shows; return how many tabs show it."""
        if not self._tab:
            return 1
        if self.is_guest:
            self._tabs.leave(self._tab)
            return 1
        return self._tabs.show(self._tab, self.design_id, self.revision)

    def remember(self, name: str, value: Any) -> None:
        """Keep something about this tab only: an open panel, a running export."""
        st.session_state[f"tab/{name}"] = value

    def preset(self, key: str, value: Any) -> None:
        """Give a widget its value; only before it is shown."""
        st.session_state[key] = value

    def chosen(self, key: str) -> Any:
        """Return the value of a widget, in a callback: before it is shown again."""
        return st.session_state.get(key)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Set fields of the form of a training by their settings' names, before they are drawn.

        A filled field is a new one with a key of its own: what the browser still says of the old
        one, in a click it sent before it heard of this, cannot undo it.
        """
        known: dict[str, tuple[int, Any]] = self.recall(FILLED) or {}
        turns = {name: known.get(name, (0, None))[0] + 1 for name in values}
        self.remember(FILLED, known | {name: (turns[name], values[name]) for name in values})

    def filled(self, name: str, default: Any) -> tuple[str, Any]:
        """Return the key of a field of the form of a training, and the value it starts with."""
        known: dict[str, tuple[int, Any]] = self.recall(FILLED) or {}
        if name not in known:
            return f"train/{name}", default
        turn, value = known[name]
        return f"train/{name}/{turn}", value

    @property
    def is_local(self) -> bool:
        """Whether the person is the machine's own user: its files are theirs."""
        return bool(self.owner == people.LOCAL)

    @property
    def data_owner(self) -> str:
        """Whose data sets this person sees; "" are those of the machine's own user."""
        return "" if self.is_local else self.owner

    def recall(self, name: str) -> Any:
        """Return what `remember` kept under a name, or None."""
        return st.session_state.get(f"tab/{name}")

    def _opened(self) -> StoredDesign:
        """Open the design of the address, else the tab's, else the last edited, else a new one."""
        guest = self._guest()
        if guest:
            return guest
        for design_id in (st.query_params.get("design"), st.session_state.get("design")):
            if not design_id:
                continue
            try:
                stored = self.library.open(design_id, self.owner)
            except BlockwrightError as error:
                st.session_state.pop("design", None)
                self.tell(f"{error}; this is the design you edited last")
                continue
            st.session_state["design"] = design_id
            return stored
        designs = self.library.designs(self.owner)
        if designs:
            self.show(designs[0].id)
        else:
            self.create(Design())
        return self.library.open(st.session_state["design"], self.owner)

    def _guest(self) -> StoredDesign | None:
        """Return the design of a link in the address, None where there is none or it is stored."""
        link = st.query_params.get("link")
        if not link:
            return None
        design_id = _guest_id(link)
        if self.library.knows(design_id):
            return None
        try:
            return StoredDesign(design_id, 0, read_link(link), None, None, updated=0.0)
        except BlockwrightError as error:
            del st.query_params["link"]
            self.tell(f"{error}; this is the design you edited last.")
            return None

    @property
    def notices(self) -> list[Notice]:
        """The last notices; the canvas shows each once, by its id."""
        notices: list[Notice] = st.session_state.setdefault("notices", [])
        del notices[:-KEPT_NOTICES]
        return notices


def _folder() -> Path:
    """Return the folder of the library.

    Raises:
        LibraryError: it cannot be made.
    """
    try:
        return home()
    except OSError as error:
        raise LibraryError(
            f"the folder of your work cannot be used: {error.strerror or error}; make it writable, "
            "or name another in BLOCKWRIGHT_HOME, and start again"
        ) from error


def said(name: str) -> Any:
    """Return what the canvas last said under a name, or None."""
    state = st.session_state.get(CANVAS)
    return state.get(name) if isinstance(state, Mapping) else None


def _guest_id(link: str) -> str:
    """Return the id that a link's design is shown with in this tab.

    The address has it after a reload, the canvas's outbox after a restart of the server: edits
    that wait in the browser are for this id.
    """
    held = of_outbox(said("outbox"), "design_id")
    known = st.session_state.get("guest", ("", ""))
    design_id = known[1] if known[0] == link else new_id()
    for asked in (held, st.query_params.get("design")):
        if isinstance(asked, str) and GUEST_ID.fullmatch(asked):
            design_id = asked
    st.session_state["guest"] = link, design_id
    return str(design_id)
