"""What one browser tab has open. The only file that touches Streamlit's session state.

Nothing lives only here: a reload, a second tab or a restarted server find the same design in the
library, through the id in the address bar.
"""

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from blocks import BlockwrightError, Design
from editor import server
from editor.database import library_path
from editor.links import read_link
from editor.remembering import Remembering
from editor.said import of_outbox, path_inside, texts
from editor.starts import template_values
from editor.store import Notice, StoredDesign, new_id
from editor.tabs import this_tab

CANVAS = "canvas"
KEPT_NOTICES = 20
GUEST_ID = re.compile("[0-9a-f]{16}")
KEEPING = ("keep", "duplicate", "history", "train")
"""What cannot be done with a design from a link before it is stored."""


class Session(Remembering):
    """The design a tab shows, and what happens to it.

    Made anew for every rerun; what has to outlast one is in the library or, where it is only
    about this tab, in Streamlit's session state.
    """

    def __init__(self) -> None:
        path = library_path()
        super().__init__(path)
        self._tabs, self._tab = server.tabs(path), this_tab()

    @property
    def acknowledged(self) -> dict[str, int]:
        """The last edit taken of each canvas that wrote to this tab, by client."""
        return dict(st.session_state.get("acknowledged", {}))

    @property
    def selection(self) -> tuple[str, ...]:
        """The ids of the blocks of the design that are selected on the canvas."""
        return () if self.inside else self.selected_inside

    @property
    def selected_inside(self) -> tuple[str, ...]:
        """The ids of the selected blocks, of the definition that is open or else of the design."""
        return tuple(texts(said("selection")))

    @property
    def inside(self) -> list[str]:
        """The definitions that this tab has open, the innermost last."""
        return path_inside(said("inside"), self.stored.id)

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
                self.fit(1 if action.get("multiple") == "1" else 8)
            elif kind != "keep":
                st.session_state["wish"] = kind
        except BlockwrightError as error:
            self.tell(str(error))

    def chosen_row(self, table: str) -> int | None:
        """Return the row that is chosen in a table of this page, by the table's key."""
        state = st.session_state.get(table)
        chosen = state.get("selection") if isinstance(state, Mapping) else None
        rows = chosen.get("rows") if isinstance(chosen, Mapping) else None
        return rows[0] if isinstance(rows, list) and rows else None

    def wish(self, kind: str) -> bool:
        """Tell, once, whether the person asked for something that a page has to do."""
        if st.session_state.get("wish") != kind:
            return False
        del st.session_state["wish"]
        return True

    def tell(self, message: str) -> None:
        """Say something to the person: on the canvas, or in a corner of a page without one."""
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
            if st.query_params.get("design", design_id) == design_id:
                st.session_state["design"] = design_id
            else:
                self.show(design_id)  # or every rerun would speak of the other one again
            return stored
        designs = self.library.designs(self.owner)
        if designs:
            self.show(designs[0].id)
        else:
            self.create(Design())
        return self.library.open(st.session_state["design"], self.owner)

    def _mark_of(self, stored: StoredDesign) -> str:
        # A guest's id is in the address, where anybody may write one: the link says what it is.
        return str(stored.id if stored.updated else st.session_state["guest"][0])

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

    def give_notices(self) -> list[Notice]:
        """Return the last notices for the canvas, and remember that it has them."""
        st.session_state["given"] = {one.id for one in self.notices}
        return self.notices

    def take_untold(self) -> list[str]:
        """Return, once, what was told since a canvas was given the notices."""
        given = st.session_state.get("given", set())
        untold = [one for one in self.notices if one.id not in given]
        self.notices[:] = [one for one in self.notices if one.id in given]
        return [one.message for one in untold]


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
