"""What a tab remembers of what was asked in it, until the page is loaded anew."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from editor.open_design import OpenDesign

FILLED = "train/filled"


class Remembering(OpenDesign):
    """The open design with what is only about the tab it is open in."""

    @abstractmethod
    def remember(self, name: str, value: Any) -> None:
        """Keep something about this tab only: an open panel, a running export."""

    @abstractmethod
    def recall(self, name: str) -> Any:
        """Return what `remember` kept under a name, or None."""

    def point(self, node_id: str) -> None:
        """Let the canvas of this tab select a block."""
        count = (self.recall("pointed") or {"id": 0})["id"] + 1
        self.remember("pointed", {"id": count, "design": self.design_id, "node": node_id})

    def fit(self, multiple: int) -> None:
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
