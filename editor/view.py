"""Everything the pages show of one revision of a design, each part worked out once. Pure."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from typing import Any, TypeVar, cast

from blocks import (
    Design,
    EditError,
    Fit,
    Report,
    analyze,
    diagram_dot,
    explain,
    fitted,
    inside,
    uses,
    weights_fit,
)
from editor.overlay import lines_of, overlay, signed

KEPT = 32
LIVE_NODES = 40
LIVE_PROBLEMS = 3

T = TypeVar("T")


class View:
    """A design with its report, and whatever the pages make of them, kept for the next rerun."""

    def __init__(self, design: Design) -> None:
        self.design = design
        self._kept: dict[str, Any] = {}
        self._dot = ""
        self._folds: tuple[frozenset[str], frozenset[str]] | None = None

    def keep(self, name: str, make: Callable[["View"], T]) -> T:
        """Return what `make` made of this view when it was first asked for under a name."""
        if name not in self._kept:
            self._kept[name] = make(self)
        return cast(T, self._kept[name])

    @cached_property
    def report(self) -> Report:
        return analyze(self.design)

    @cached_property
    def weights(self) -> Fit | None:
        """Which layers the weights that the design carries still fit; None without any."""
        return weights_fit(self.design, self.report.graph)

    @cached_property
    def document(self) -> dict[str, Any]:
        return self.design.to_json()

    def dot(self, folded: frozenset[str], unfolded: frozenset[str]) -> str:
        """Return the diagram; the ids in `folded` and `unfolded` are of blocks drawn so."""
        if (folded, unfolded) != self._folds:
            self._folds = folded, unfolded
            self._dot = diagram_dot(self.design, self.report, folded=folded, unfolded=unfolded)
        return self._dot

    @cached_property
    def own(self) -> list[dict[str, Any]]:
        """The palette's entries of the person's own blocks."""
        return [block.schema() for block in self.design.own.values()]

    def inside(self, path: tuple[str, ...]) -> dict[str, Any] | None:
        """Return numbers and diagram of the definition at the end of a path of definitions.

        They are those of its first instance, with what comes into that one; None without any.
        """
        inner: Design | None = self.design
        for definition_id in path:
            inner = inside(inner, definition_id) if inner else None
        if inner is None:
            return None
        view, definition = View(inner), self.design.definitions.get(path[-1]) or {}
        shown = view.overlay_beside(())
        problems = [
            problem | {"repairs": [r for r in offered if not _undone(r["edit"], definition)]}
            if (offered := problem["repairs"])
            else problem
            for problem in shown["problems"]
        ]
        dot = view.dot(frozenset(), frozenset())
        return {"overlay": shown | {"problems": problems}, "dot": dot}

    @cached_property
    def overlay(self) -> dict[str, Any]:
        return overlay(self.design, self.report)

    def overlay_beside(self, selection: Collection[str]) -> dict[str, Any]:
        """Return the overlay with repairs, as far as they are to be had while a person waits.

        Repairs are tried out, so in a large design only the selected blocks' problems have some.
        """
        found, shown = self.report.found, self.overlay["problems"]
        is_small = len(self.design.nodes) <= LIVE_NODES
        wanted = [i for i, problem in enumerate(found) if problem.node_id in selection]
        if is_small:
            wanted += [i for i in range(len(found)) if i not in wanted]
        problems = list(shown)
        for i in wanted[:LIVE_PROBLEMS]:
            repairs = self.keep(f"repairs/{i}", partial(_repairs, index=i))
            problems[i] = shown[i] | {"repairs": repairs}
        return self.overlay | {
            "problems": problems,
            "budget": [use._asdict() | {"used": str(use.used)} for use in uses(self.report)],
            "explained": self._explained(selection),
        }

    def fit(self, multiple: int) -> dict[str, Any]:
        """Return the width that keeps the budget, as a preview, or why there is none."""
        try:
            found = fitted(self.design, multiple)
        except EditError as error:
            return {"refusal": str(error)}
        return {
            "width": f"{found.width:.2f}",
            "edit": found.edit,
            "params": str(found.report.total),
            "macs": str(found.report.macs),
        }

    def _explained(self, selection: Collection[str]) -> dict[str, Any] | None:
        """Return the arithmetic of the one block that is selected, as far as anybody reads it."""
        if len(selection) != 1:
            return None
        (node_id,) = selection
        if node_id not in self.report.nodes:
            return None
        return self.keep(f"explained/{node_id}", partial(_arithmetic, node_id=node_id))


class Views:
    """The views of the designs seen last, shared by all sessions of a server."""

    def __init__(self) -> None:
        self._views: OrderedDict[tuple[str, int], View] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, design_id: str, revision: int, design: Design) -> View:
        """Return the view of a revision; the same one as long as it is remembered."""
        key = (design_id, revision)
        with self._lock:
            view = self._views.pop(key, None) or View(design)
            self._views[key] = view
            while len(self._views) > KEPT:
                self._views.popitem(last=False)
        return view


def _arithmetic(view: View, node_id: str) -> dict[str, Any]:
    steps = explain(view.report, view.design.nodes[node_id].name)._asdict()
    return {"node": node_id} | {what: lines_of(found) for what, found in steps.items()}


def _undone(edit: Mapping[str, Any], definition: Mapping[str, Any]) -> bool:
    """Tell whether a repair inside a definition comes to nothing, or takes what a port gives.

    What a parameter of the definition sets is set again in every instance.
    """
    targets = [t for entry in definition.get("params", ()) for t in entry["targets"]]
    driven = {(target["node"], target["param"]) for target in targets}
    given = {port["node"] for port in definition.get("outputs", ())}
    for node_id, fields in (edit.get("nodes") or {}).items():
        if fields is None and node_id in given:
            return True
        if fields and any((node_id, name) in driven for name in fields.get("params") or ()):
            return True
    return False


def _repairs(view: View, index: int) -> list[dict[str, Any]]:
    return [
        {
            "label": repair.label,
            "edit": dict(repair.edit),
            "params": signed(repair.params_change),
            "macs": signed(repair.macs_change),
            "uncovers": repair.uncovers,
        }
        for repair in view.report.mended(view.report.found[index]).repairs
    ]
