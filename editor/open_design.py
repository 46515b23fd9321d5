"""The design that is open, and what can be done with it beside edits on the canvas."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks import Carried, Design, Template, leading_to, template, templates
from editor import people, server
from editor.store import StoredDesign
from editor.view import View

RESTORING_STEPS = 4
"""Names that two blocks change between take a second step; equal names never come to an end."""


class OpenDesign(ABC):
    """A design of a person's library, or of a link, read once and acted on."""

    def __init__(self, library: Path) -> None:
        self.library, self.owner = server.library(library), people.owner()
        self._views = server.views(library)
        self._stored: StoredDesign | None = None

    @abstractmethod
    def show(self, design_id: str) -> None:
        """Turn to another design of the library."""

    @abstractmethod
    def _opened(self) -> StoredDesign:
        """Find the design that is to be open."""

    @abstractmethod
    def _mark_of(self, stored: StoredDesign) -> str:
        """Return what its view is kept under."""

    @property
    def is_local(self) -> bool:
        """Whether the person is the machine's own user: its files are theirs."""
        return bool(self.owner == people.LOCAL)

    @property
    def data_owner(self) -> str:
        """Whose data sets this person sees; "" are those of the machine's own user."""
        return "" if self.is_local else self.owner

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
    def revision(self) -> int:
        return self.stored.revision

    @property
    def view(self) -> View:
        """Everything there is to show of the open design."""
        return self.view_of(self.stored)

    def view_of(self, stored: StoredDesign) -> View:
        return self._views.of(self._mark_of(stored), stored.revision, stored.design)

    def view_at(self, revision: int, design: Design) -> View:
        """Everything there is to show of the open design at one of its revisions."""
        return self._views.of(self.design_id, revision, design)

    def view_as(self, name: str, revision: int, design: Design) -> View:
        """Everything there is to show of a design that is not the open one."""
        return self._views.of(name, revision, design)

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
