"""The canvas alone in Streamlit, with designs kept in memory: for working on it and for pictures.

From the project's root: ``streamlit run editor/canvas/frontend/dev/host.py``; ``?template=ID``
opens a template, ``?blocks=N`` a chain of N blocks, ``?broken=1`` a design with problems.
"""

import sys
from pathlib import Path
from typing import Any

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[4]))
import blocks
from blocks import Design, EditError, analyze, catalog_schema, diagram_dot, template, templates
from blocks.layout import arranged
from editor.canvas import canvas


@st.cache_resource
def shelf() -> dict[str, dict[str, Any]]:
    """Every design of this server, by id."""
    return {}


def opening_design() -> tuple[str, Design]:
    """Return what the address asks for."""
    query = st.query_params
    if "template" in query:
        return query["template"], template(query["template"])
    if "blocks" in query:
        return f"chain{query['blocks']}", chain(int(query["blocks"]))
    return ("broken", broken()) if "broken" in query else ("empty", Design("untitled"))


def chain(count: int) -> Design:
    """Return a design of so many residual blocks, with pooling here and there."""
    design = Design(f"chain of {count}").add("photo", blocks.Image(256, 256, 3))
    before = "photo"
    for number in range(count - 2):
        name = f"block_{number}"
        kind = blocks.Pool() if number % 12 == 5 and number < 70 else blocks.Residual(filters=64)
        design, before = design.add(name, kind, after=before), name
    return arranged(design.add("head", blocks.Classifier(classes=10), after=before))


def broken() -> Design:
    """Return a design with several kinds of problems."""
    design = (
        Design("broken")
        .add("photo", blocks.Image(32, 32, 3))
        .add("stem", blocks.Conv(filters=0), after="photo")
        .add("wide", blocks.Residual(filters=64, stride=2, shortcut="identity"), after="photo")
        .add("both", blocks.Add(), after=["photo", "wide"])
        .add("alone", blocks.Dense(units=10))
    )
    return arranged(design)


def take(kept: dict[str, Any]) -> None:
    """Apply the edits of the outbox that have not been seen."""
    outbox = st.session_state.get("canvas", {}).get("outbox") or {}
    for entry in outbox.get("edits", []):
        if entry["number"] <= kept["seen"].get(entry["client"], 0):
            continue
        kept["seen"][entry["client"]] = entry["number"]
        kept["revision"] += 1
        perform(kept, entry)


def perform(kept: dict[str, Any], entry: dict[str, Any]) -> None:
    """Apply one message: an edit, or a step through the history."""
    there, back = ("undo", "redo") if entry["kind"] != "redo" else ("redo", "undo")
    try:
        if entry["kind"] == "edit":
            kept["design"], inverse = kept["design"].apply(entry["edit"])
            kept["undo"].append((entry["label"], inverse))
            kept["redo"].clear()
        elif kept[there]:
            label, edit = kept[there].pop()
            kept["design"], inverse = kept["design"].apply(edit)
            kept[back].append((label, inverse))
    except EditError as error:
        kept["notices"].append({"id": f"{len(kept['notices'])}", "message": str(error)})


def payload(design_id: str, kept: dict[str, Any]) -> dict[str, Any]:
    """Return what the canvas is given."""
    design: Design = kept["design"]
    report = analyze(design)
    ids = {node.name: node.id for node in design.nodes.values()}
    spoken = "outbox" in (st.session_state.get("canvas") or {})
    return {
        "design_id": design_id,
        "revision": kept["revision"],
        "acknowledged": kept["seen"],
        "document": design.to_json(),
        "overlay": overlay(report, ids),
        "dot": diagram_dot(design, report),
        "history": {side: kept[side][-1][0] if kept[side] else None for side in ("undo", "redo")},
        "notices": kept["notices"],
        "catalog": None if spoken else catalog_schema(),
        "templates": None
        if spoken
        else [
            {"id": one.id, "title": one.title, "summary": one.summary}
            for one in templates().values()
        ],
    }


def overlay(report: Any, ids: dict[str, str]) -> dict[str, Any]:
    """Return the numbers and problems beside the document."""
    problems = [
        {
            "node": ids.get(one.node, ""),
            "name": one.node,
            "message": str(one),
            "severity": one.severity,
            "repairs": None,
        }
        for one in report.problems
    ]
    nodes = {
        node: {
            "shape": "x".join(str(side or "?") for side in one.shape),
            "params": str(one.params),
            "macs": str(one.macs),
            "layers": one.layers,
            "problems": sum(problem["node"] == node for problem in problems),
        }
        for node, one in report.nodes.items()
    }
    totals = {
        "params": str(report.total),
        "trainable": str(report.trainable),
        "non_trainable": str(report.non_trainable),
        "macs": str(report.macs),
        "activation_bytes": str(report.activation_bytes),
        "weights_bytes": str(report.weight_bytes),
        "layers": len(report.layers),
    }
    return {"nodes": nodes, "totals": totals, "problems": problems}


def show() -> None:
    """Mount the canvas, and the last action under it."""
    design_id, design = opening_design()
    fresh = {"design": design, "revision": 1, "seen": {}, "undo": [], "redo": [], "notices": []}
    kept = shelf().setdefault(design_id, fresh)
    take(kept)
    result = canvas(payload(design_id, kept), key="canvas")
    st.write("Selection", result.selection, "Action", result.action)


st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
st.html("<style>.stMainBlockContainer{padding:4rem 1rem 1rem}</style>")
show()
