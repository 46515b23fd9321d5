"""Messages of a canvas to the library, as tests write them: about the design `drawn`."""

from typing import Any

from blocks import Design

ANN = "ann"
FILTERS = {"name": "width", "targets": [{"node": "stem", "param": "filters"}], "default": 16}


def set_filters(number: int, filters: int, client: str = "tab") -> dict[str, Any]:
    edit = {"nodes": {"stem": {"params": {"filters": filters}}}}
    return {
        "client": client,
        "number": number,
        "kind": "edit",
        "label": f"Set filters to {filters}",
        "edit": edit,
    }


def add_node(number: int, name: str, client: str = "tab") -> dict[str, Any]:
    edit = {"nodes": {f"{client}_{number}": {"block": "Conv", "name": name}}}
    return {"client": client, "number": number, "kind": "edit", "label": "Add", "edit": edit}


def step(number: int, kind: str, client: str = "tab") -> dict[str, Any]:
    return {"client": client, "number": number, "kind": kind}


def filters(design: Design) -> int:
    return design.node("stem").block.values()["filters"]


def pack(number: int, **words: Any) -> dict[str, Any]:
    request = {"nodes": ["stem"], "title": "My stem", "params": [], "instance": "inst"}
    return {"client": "tab", "number": number, "kind": "pack"} | request | words
