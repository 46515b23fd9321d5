"""Reading designs from JSON objects: strict about their form, patient about values."""

import json
import re
from collections.abc import Mapping
from typing import Any

from blocks.budget import Budget
from blocks.carried import Carried
from blocks.design import FORMAT, VERSION, Design
from blocks.errors import EditError, ReadError
from blocks.imports.json_text import MAX_BYTES, NotFinite
from blocks.notes import notes_of
from blocks.own import DEFINITION_ID

MAX_NODES = 2_000
MAX_LINKS = 10_000
MAX_DEFINITIONS = 200
MAX_PORTS = 100
MAX_TEXT = 2_000
MAX_VALUES = 100
MAX_LAYER_NAMES = 1_000
NODE_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
SCALAR = (str, int, float, bool, type(None))


def from_object(data: Any) -> Design:
    """Return the design of a parsed JSON object.

    Raises:
        ReadError: naming the block or link, the rule and the value received.
    """
    if not isinstance(data, Mapping) or data.get("format") != FORMAT:
        raise ReadError(f'a design is a JSON object with "format": "{FORMAT}", got something else')
    version = data.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= VERSION:
        raise ReadError(
            f"this program reads format versions 1 to {VERSION}, got {version!a:.40}; "
            "a newer program may have written the file"
        )
    _text("the design", "name", data.get("name", "untitled"), 200)
    _check_drawn(data)
    check_definitions(data.get("definitions", {}))
    try:
        Carried.of(data.get("weights"))
        Budget.of(data.get("budget"))
        notes_of(data.get("notes"))
    except EditError as error:
        raise ReadError(str(error)) from None
    return Design.from_json(data)


def require_few(count: int) -> None:
    """Refuse a model of more layers than a design has nodes.

    Raises:
        ReadError: with the limit and the count.
    """
    if count > MAX_NODES:
        raise ReadError(f"a design has at most {MAX_NODES:,} nodes, the model needs {count:,}")


def check_definitions(definitions: Any) -> None:
    """Check that definitions of own blocks have the shape of some; values are not judged.

    Raises:
        ReadError: naming the block or link, the rule and the value received.
    """
    if not isinstance(definitions, Mapping) or len(definitions) > MAX_DEFINITIONS:
        raise ReadError(f"definitions must be an object of at most {MAX_DEFINITIONS} entries")
    # They are kept whole, parts that this program does not know too.
    _text("own blocks", "their definitions", json.dumps(definitions, ensure_ascii=False), MAX_BYTES)
    for definition_id, data in definitions.items():
        where = f"own block {definition_id!a:.60}"
        if not isinstance(definition_id, str) or not DEFINITION_ID.fullmatch(definition_id):
            raise ReadError(f"{where}: its id must be a plain word of at most 40 characters")
        if not isinstance(data, Mapping):
            raise ReadError(f"{where}: it must be an object, got {data!a:.40}")
        for field in ("title", "summary"):
            _text(where, field, data.get(field, ""), MAX_TEXT)
        _check_inside(data)
        for port in _objects(where, data, "outputs", MAX_PORTS):
            _text(where, "the block before an output", port.get("node"), 40)
        for entry in _objects(where, data, "params", MAX_PORTS):
            _check_exposed(where, entry)


def _check_drawn(data: Mapping[str, Any]) -> set[str]:
    """Check the blocks and links of a design, or of a definition; return the blocks' ids."""
    nodes = _list(data, "nodes", MAX_NODES)
    links = _list(data, "links", MAX_LINKS)
    _check_ids(nodes)
    for node in nodes:
        _check_node(node)
    known = {node["id"] for node in nodes}
    for number, link in enumerate(links, start=1):
        _check_link(f"link {number}", link, known)
    return known


def _check_inside(data: Mapping[str, Any]) -> None:
    known = _check_drawn(data)
    for port in _objects("an own block", data, "inputs", MAX_PORTS):
        for target in _objects("an input", port, "targets", MAX_PORTS, named=False):
            _text("an own block", "the block behind an input", target.get("node"), 40)
            ends = {"source": target["node"], "target": target["node"]}
            if ends["source"] in known:
                _check_link("an input", target | ends | {"target_port": target.get("port")}, known)


def _check_exposed(where: str, entry: Mapping[str, Any]) -> None:
    for target in _objects(where, entry, "targets", MAX_NODES, named=False):
        _text(where, "the block of a parameter", target.get("node"), 40)
        _text(where, "the parameter of a block", target.get("param"), 100)
    for limit in ("min", "max"):
        if limit in entry and _is_bad_number(entry[limit]):
            raise ReadError(f"{where}: {limit} must be a number, got {entry[limit]!a:.40}")
    words = {key: entry.get(key) or "" for key in ("help", "label")}
    _check_values(where, "a parameter", words | {"default": entry.get("default")})


def _objects(
    where: str, data: Mapping[str, Any], field: str, limit: int, named: bool = True
) -> list[Any]:
    """Return a list of objects, each with a name where it has to have one."""
    entries = _list(data, field, limit)
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise ReadError(f"{where}: {field} must hold objects, got {entry!a:.40}")
        if named and not NODE_ID.fullmatch(_text(where, "name", entry.get("name"), 40)):
            raise ReadError(f"{where}: {entry['name']!a:.60} is no name for one of its {field}")
    return entries


def _check_ids(nodes: list[Any]) -> None:
    seen: set[str] = set()
    for number, node in enumerate(nodes, start=1):
        node_id = node.get("id") if isinstance(node, Mapping) else None
        if not isinstance(node_id, str) or not NODE_ID.fullmatch(node_id):
            raise ReadError(
                f"block {number}: id must be 1 to 40 letters, digits, _ or -, got {node_id!a:.60}"
            )
        if node_id in seen:
            raise ReadError(f"block {number}: the id {node_id} is used twice")
        seen.add(node_id)


def _check_node(node: Mapping[str, Any]) -> None:
    name = _shown(_text(f"block {node['id']}", "name", node.get("name", node["id"]), 200))
    if node.get("block") is None:
        raise ReadError(f"{name}: block must be the type of a block, got none")
    _text(name, "block", node["block"], 200)
    _text(name, "note", node.get("note", ""), MAX_TEXT)
    if not isinstance(node.get("frozen", False), bool):
        raise ReadError(f"{name}: frozen must be true or false, got {node['frozen']!a:.40}")
    for axis in ("x", "y"):
        value = node.get(axis, 0)
        if _is_bad_number(value) or abs(value) > 1e7:
            raise ReadError(f"{name}: {axis} must be a number up to 10,000,000, got {value!a:.40}")
    for field in ("params", "first", "layer_names"):
        _check_values(name, field, node.get(field) or {})
    repeat = node.get("repeat", 1)
    if isinstance(repeat, NotFinite | list | Mapping):
        raise ReadError(f"{name}: repeat must be an integer, got {repeat!a:.40}")
    if isinstance(repeat, str):
        _text(name, "repeat", repeat, MAX_TEXT)


def _shown(name: str) -> str:
    """Return a name as a sentence may have it."""
    return name[:60] if name.isprintable() else f"{name!a:.60}"


def _check_values(name: str, field: str, values: Any) -> None:
    most = MAX_LAYER_NAMES if field == "layer_names" else MAX_VALUES
    if not isinstance(values, Mapping) or len(values) > most:
        raise ReadError(f"{name}: {field} must be an object of at most {most:,} entries")
    for key, value in values.items():
        called = _shown(_text(name, f"the key in {field}", key, 100))
        if isinstance(value, NotFinite):
            raise ReadError(f"{name}: {called} must be a finite number, got {value}")
        if not isinstance(value, SCALAR) or (field == "layer_names" and not isinstance(value, str)):
            raise ReadError(f"{name}: {called} must be a single value, got {value!a:.40}")
        if isinstance(value, str):
            _text(name, called, value, MAX_TEXT)


def _check_link(where: str, link: Any, known: set[str]) -> None:
    if not isinstance(link, Mapping):
        raise ReadError(f"{where}: a link must be an object, got {link!a:.40}")
    for end in ("source", "target"):
        if not isinstance(link.get(end), str) or link[end] not in known:
            raise ReadError(
                f"{where}: its {end} must be the id of a block, got {link.get(end)!a:.60}"
            )
    for port in ("source_port", "target_port"):
        value = link.get(port, "in")
        if not isinstance(value, str) or not NODE_ID.fullmatch(value):
            raise ReadError(f"{where}: its {port} must be the name of a port, got {value!a:.60}")
    order = link.get("order", 0)
    if isinstance(order, bool) or not isinstance(order, int) or not 0 <= order <= MAX_LINKS:
        raise ReadError(f"{where}: order must be an integer from 0, got {order!a:.40}")


def _text(where: str, field: str, value: Any, limit: int) -> str:
    if isinstance(value, NotFinite) or not isinstance(value, str) or len(value) > limit:
        raise ReadError(f"{where}: {field} must be a text of at most {limit:,} characters")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ReadError(f"{where}: {field} holds half a character (a lone surrogate)")
    return value


def _list(data: Mapping[str, Any], field: str, limit: int) -> list[Any]:
    value = data.get(field, [])
    if not isinstance(value, list):
        raise ReadError(f"{field} must be a list, got {value!a:.40}")
    if len(value) > limit:
        raise ReadError(f"a design has at most {limit:,} {field}, got {len(value):,}")
    return value


def _is_bad_number(value: Any) -> bool:
    return isinstance(value, bool) or not isinstance(value, int | float)
