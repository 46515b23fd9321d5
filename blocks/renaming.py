"""Changing what an own block shows: its ports' names and its parameters; instances follow."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from blocks.design import Design, Edit
from blocks.errors import EditError
from blocks.node import link_from_json
from blocks.own import PREFIX, Own, require_parameter_name

Data = Mapping[str, Any]
Side = Literal["inputs", "outputs"]

PORT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
CHANGES = ("name", "default", "min", "max", "help", "label")


def rename_port(design: Design, definition_id: str, side: Side, port: str, name: str) -> Edit:
    """Return the edit that renames a port of an own block; links of all instances are kept.

    Raises:
        EditError: there is no such port, or the name is taken or cannot be one.
    """
    data = design.definition(definition_id)
    if port not in [one["name"] for one in data.get(side, ())]:
        raise EditError(f"{_title(data, definition_id)} has no port {port!a:.60} any more")
    _check_port_name(data, port, name)
    ports = [{**one, "name": name} if one["name"] == port else one for one in data[side]]
    definitions: dict[str, Data] = {definition_id: {**data, side: ports}}
    for other, outer in design.definitions.items():
        inside = _instances(outer.get("nodes", ()), definition_id)
        if inside and other != definition_id:
            definitions[other] = _ports_followed(outer, inside, side, port, name)
    ids = _instances([node.to_json() for node in design.nodes.values()], definition_id)
    links: dict[str, Any] = {}
    for link in design.links.values():
        before = link.to_json()
        after = _link_followed(before, ids, side, port, name)
        if after != before:
            links |= {link.key: None, link_from_json(after).key: {"order": link.order}}
    return {"definitions": definitions, "links": links}


def _check_port_name(data: Data, port: str, name: str) -> None:
    if not PORT_NAME.fullmatch(name):
        raise EditError(
            "a port's name must be up to 40 letters, digits and underscores and begin with a "
            f"letter, got {name!a:.60}; write another"
        )
    parts = (*data.get("inputs", ()), *data.get("outputs", ()), *data.get("nodes", ()))
    if name != port and name in [one.get("name") for one in parts]:
        raise EditError(f"{name}: something in this block is called so already; write another name")


def change_param(design: Design, definition_id: str, param: str, changes: Data) -> Edit:
    """Return the edit that changes a parameter an own block shows: name, default, min, max, ...

    Every instance keeps its value, under the new name where there is one. A limit of None is
    that of the inner parameter again.

    Raises:
        EditError: there is no such parameter, or a change is none it can take.
    """
    data = design.definition(definition_id)
    entries = {entry["name"]: entry for entry in data.get("params", ())}
    if param not in entries:
        raise EditError(f"{_title(data, definition_id)} has no parameter {param!a:.60} any more")
    name = changes.get("name", param)
    _check_changes(changes, name, [*(entries.keys() - {param})])
    changed = {**entries[param], **changes}
    for limit in ("min", "max"):
        if changed.get(limit) is None:
            changed.pop(limit, None)
    params = [changed if one["name"] == param else one for one in data["params"]]
    definitions: dict[str, Data] = {definition_id: {**data, "params": params}}
    nodes: dict[str, Any] = {}
    if name != param:
        definitions |= _definitions_following(design, definition_id, param, name)
        nodes = _nodes_following(design, definition_id, param, name)
    edit = {"definitions": definitions, "nodes": nodes}
    _check_values(design.apply(edit)[0], definition_id, name)
    return edit


def _check_changes(changes: Data, name: object, others: Sequence[str]) -> None:
    unknown = [key for key in changes if key not in CHANGES]
    if unknown:
        raise EditError(f"a parameter of an own block has no {unknown[0]!a:.40} to change")
    require_parameter_name(name)
    if name in others:
        raise EditError(f"{name}: this block has a parameter of that name; write another")


def _check_values(design: Design, definition_id: str, name: str) -> None:
    """Refuse a default outside its own limits, and limits that leave nothing."""
    param = design.own[PREFIX + definition_id].params()[name]
    low, high = (getattr(param, limit, None) for limit in ("min", "max"))
    for limit in (low, high):
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int | float)):
            raise EditError(f"{name}: a limit must be a number, got {limit!a:.40}")
    if low is not None and high is not None and low > high:
        raise EditError(f"{name}: the least, {low}, is above the most, {high}; change one of them")
    message = param.check(param.default)
    if message:
        raise EditError(f"{name}: its default {message}")


def _nodes_following(design: Design, definition_id: str, old: str, new: str) -> dict[str, Any]:
    """Return every instance in the design with an argument under its new name."""
    nodes = {}
    for node in design.nodes.values():
        if isinstance(node.block, Own) and node.block.definition.id == definition_id:
            entry = _arguments_followed(node.to_json(), old, new)
            del entry["id"]
            nodes[node.id] = entry
    return nodes


def _definitions_following(
    design: Design, definition_id: str, old: str, new: str
) -> dict[str, Data]:
    """Return every definition that holds instances, with their argument under its new name."""
    found: dict[str, Data] = {}
    for other, outer in design.definitions.items():
        ids = _instances(outer.get("nodes", ()), definition_id)
        if not ids or other == definition_id:
            continue
        nodes = [
            _arguments_followed(node, old, new) if node["id"] in ids else node
            for node in outer["nodes"]
        ]
        params = [
            {
                **entry,
                "targets": [
                    {**t, "param": new} if t["node"] in ids and t["param"] == old else t
                    for t in entry["targets"]
                ],
            }
            for entry in outer.get("params", ())
        ]
        found[other] = {**outer, "nodes": nodes, "params": params}
    return found


def _arguments_followed(node: Data, old: str, new: str) -> dict[str, Any]:
    fields = {
        field: {new if key == old else key: value for key, value in node[field].items()}
        for field in ("params", "first")
        if node.get(field)
    }
    return {**node, **fields}


def _ports_followed(outer: Data, ids: set[str], side: Side, old: str, new: str) -> Data:
    """Return a definition with a port of the instances inside it under its new name."""
    after = {
        **outer,
        "links": [_link_followed(link, ids, side, old, new) for link in outer.get("links", ())],
    }
    if side == "outputs":
        after["outputs"] = [
            {**one, "port": new} if one["node"] in ids and one.get("port", "out") == old else one
            for one in outer.get("outputs", ())
        ]
        return after
    after["inputs"] = [
        {
            **one,
            "targets": [
                {**t, "port": new} if t["node"] in ids and t.get("port", "in") == old else t
                for t in one.get("targets", ())
            ],
        }
        for one in outer.get("inputs", ())
    ]
    return after


def _link_followed(link: Data, ids: set[str], side: Side, old: str, new: str) -> Data:
    end = "source" if side == "outputs" else "target"
    usual = "out" if side == "outputs" else "in"
    if link[end] in ids and link.get(f"{end}_port", usual) == old:
        return {**link, f"{end}_port": new}
    return link


def _instances(nodes: Iterable[Data], definition_id: str) -> set[str]:
    return {node["id"] for node in nodes if node["block"] == PREFIX + definition_id}


def _title(data: Data, definition_id: str) -> str:
    return str(data.get("title") or definition_id)
