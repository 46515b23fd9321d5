"""Splitting a repeated block into single ones, and folding a chain of equal blocks into one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from blocks.build import MAX_REPEAT
from blocks.chains import between, exchange
from blocks.design import Design, Edit
from blocks.errors import EditError
from blocks.layout import ROW
from blocks.node import Node, free_name
from blocks.opened import edit_inside, opened

Values = Mapping[str, Any]


def split(design: Design, node_id: str) -> Edit:
    """Return the edit that puts single blocks in a chain in the place of a repeated one.

    The parameters of the first go to the first of them. All layers keep their names.

    Raises:
        EditError: the block is not there or not repeated.
    """
    node = design.nodes.get(node_id)
    if node is None:
        raise EditError("the block to split was removed meanwhile; choose another")
    if isinstance(node.repeat, bool) or not isinstance(node.repeat, int) or node.repeat < 2:
        raise EditError(f"{node.name}: it stands here once; set repeat to 2 or more to split it")
    if node.repeat > MAX_REPEAT:
        raise EditError(f"{node.name}: repeat must be at most {MAX_REPEAT}, got {node.repeat}")
    return exchange(design, [node], _parts(design, node))


def fold(design: Design, node_ids: Iterable[str]) -> Edit:
    """Return the edit that makes one repeated block of equal blocks in a chain.

    The first may have other parameters than the rest. It takes the first's place and, as its id,
    the last's. All layers keep their names.

    Raises:
        EditError: they are no chain of equal blocks; the sentence names the one that is not.
    """
    chosen = [design.nodes[node_id] for node_id in node_ids if node_id in design.nodes]
    if len(chosen) < 2:
        raise EditError("choose two or more blocks that follow each other to fold them into one")
    chain = _chain(design, chosen)
    for one, other in pairwise(chain):
        _check_alike(one, other)
    turns = [(node, values) for node in chain for values in _turns(node)]
    _check_turns(turns)
    if len(turns) > MAX_REPEAT:
        raise EditError(f"a block is repeated at most {MAX_REPEAT} times, got {len(turns)}")
    first = turns[0][1]
    # What counts the repetitions in their layers' names counts from the first.
    rest = turns[1][1] | {name: first[name] for name in chain[0].block.naming}
    folded = replace(
        chain[-1],
        name=_common_name(design, chain),
        block=chain[-1].block.replace(rest),
        repeat=len(turns),
        first={name: value for name, value in first.items() if value != rest[name]},
        note=next((node.note for node in chain if node.note), ""),
        x=chain[0].x,
        y=chain[0].y,
    )
    return exchange(design, chain, [folded])


def split_within(design: Design, definition_id: str, node_id: str) -> Edit:
    """Return the edit that splits a repeated block inside a definition; see `split`.

    A parameter of the definition that set it goes on setting all that had its value.
    """
    inner = opened(design, definition_id)
    edit = split(inner, node_id)
    placed = [key for key, fields in edit["nodes"].items() if fields and "block" in fields]
    first = inner.nodes[node_id].first

    def follow(_: str, target: Values) -> list[Values]:
        if target["node"] != node_id:
            return [target]
        parts = placed[1:] if target["param"] in first else placed
        return [{"node": part, "param": target["param"]} for part in parts]

    return edit_inside(design, definition_id, inner, edit, follow)


def fold_within(design: Design, definition_id: str, node_ids: Iterable[str]) -> Edit:
    """Return the edit that folds blocks inside a definition; see `fold`.

    Raises:
        EditError: besides, where a parameter of the definition sets some of them only.
    """
    inner, chosen = opened(design, definition_id), list(node_ids)
    for entry in design.definitions[definition_id].get("params", ()):
        for param in {target["param"] for target in entry["targets"]}:
            driven = {t["node"] for t in entry["targets"] if t["param"] == param}
            if driven & set(chosen) and not driven >= set(chosen):
                raise EditError(
                    f"the block's parameter {entry['name']} sets {param} in some of the chosen "
                    "blocks only; let it set all of them, or none"
                )
    inner = _as_driven(inner, chosen, design.definitions[definition_id])
    edit = fold(inner, chosen)
    kept = next(key for key, fields in edit["nodes"].items() if fields and "block" in fields)

    def follow(_: str, target: Values) -> list[Values]:
        inside = target["node"] in chosen
        return [{**target, "node": kept}] if inside else [target]

    return edit_inside(design, definition_id, inner, edit, follow)


def _as_driven(inner: Design, chosen: list[str], definition: Mapping[str, Any]) -> Design:
    """Return the inside of a definition with equal values where one parameter sets them all.

    The values that stand there are replaced in every instance, but a fold would take different
    ones for a first block that differs.
    """
    targets = [t for entry in definition.get("params", ()) for t in entry["targets"]]
    driven = {target["param"] for target in targets if target["node"] in chosen}
    nodes = [inner.nodes[node_id] for node_id in chosen if node_id in inner.nodes]
    changed = {}
    for node in nodes:
        shared = driven & node.block.params().keys() & nodes[0].block.params().keys()
        values = {name: nodes[0].block.values()[name] for name in shared}
        changed[node.id] = replace(node, block=node.block.replace(values))
    return replace(inner, nodes={**inner.nodes, **changed})


def _parts(design: Design, node: Node) -> list[Node]:
    """Return a repeated block as single blocks, below each other; the last keeps the id."""
    ids: list[str] = []
    names: list[str] = []
    for turn in range(1, node.repeat + 1):
        ids.append(free_name(f"{node.id[:34]}_{turn}", (*design.nodes, *ids)))
        names.append(free_name(f"{node.name}_{turn}", design.names() - {node.name} | {*names}))
    ids[-1] = node.id
    return [
        replace(
            node,
            id=ids[turn],
            name=names[turn],
            block=node.block.replace(values),
            repeat=1,
            first={},
            note="" if turn else node.note,
            y=node.y + turn * ROW,
        )
        for turn, values in enumerate(_turns(node))
    ]


def _turns(node: Node) -> list[dict[str, Any]]:
    """Return the parameters of every repetition of a block."""
    values = node.block.values()
    return [{**values, **node.first}, *[values] * (node.repeat - 1)]


def _chain(design: Design, chosen: Sequence[Node]) -> list[Node]:
    """Return blocks in the order of their links.

    Raises:
        EditError: they do not stand in one line, or something else is linked to it.
    """
    ids = {node.id for node in chosen}
    for node in chosen:
        if not node.block.inputs or not node.block.outputs:
            raise EditError(f"{node.name}: a block without an input cannot repeat; leave it out")
    inner = [link for link in design.links.values() if {link.source, link.target} <= ids]
    follower = {link.source: link.target for link in inner}
    starts = [node for node in chosen if node.id not in follower.values()]
    if not starts:
        raise EditError(f"{chosen[0].name}: it stands in a circle of links; remove one of them")
    chain = [starts[0]]
    while (following := follower.get(chain[-1].id)) and len(chain) < len(chosen):
        chain.append(design.nodes[following])
    strays = [node for node in chosen if node not in chain]
    if strays:
        raise EditError(
            f"{strays[0].name}: it does not follow the other chosen blocks; choose blocks that "
            "stand in one line"
        )
    for one, other in pairwise(chain):
        _check_only(design, one, other)
    return chain


def _check_only(design: Design, one: Node, other: Node) -> None:
    """Refuse a link that leaves or enters the chain between two of its blocks."""
    for link in design.links.values():
        if link.source == one.id and link.target != other.id:
            raise EditError(
                f"{one.name}: its output also leads to {design.nodes[link.target].name}, which "
                "stands outside; only the last of a chain may do that"
            )
        if link.target == other.id and link.source != one.id:
            raise EditError(
                f"{other.name}: {design.nodes[link.source].name} leads to it too; only the first "
                "of a chain may be fed from outside"
            )
    wanted = {link.key for link in between(one, other)}
    if {link.key for link in design.links.values() if link.source == one.id} != wanted:
        raise EditError(f"{other.name}: its ports are not linked one to one with {one.name}'s")


def _check_alike(one: Node, other: Node) -> None:
    if one.block.type_name != other.block.type_name:
        raise EditError(
            f"{other.name}: it is of type {other.block.title}, {one.name} of type "
            f"{one.block.title}; only equal blocks fold into one"
        )
    if one.frozen != other.frozen:
        state = "frozen" if other.frozen else "trained"
        raise EditError(f"{other.name}: it is {state} and {one.name} is not; make them equal first")
    if one.extras != other.extras:
        raise EditError(f"{other.name}: it has unknown parameters; remove them first")


def _check_turns(turns: Sequence[tuple[Node, Values]]) -> None:
    """Refuse repetitions, each with the block it is of, that differ from the second."""
    rest = turns[1][1]
    for node, values in turns[2:]:
        for name, value in values.items():
            if rest[name] != value and name not in node.block.naming:
                raise EditError(
                    f"{node.name}: {name} is {value} here and {rest[name]} in the others; only "
                    "the first block of a chain may differ"
                )


def _common_name(design: Design, chain: Sequence[Node]) -> str:
    """Return what the names have before their numbers, if it is free, else the first's name."""
    stems = {re.sub(r"_?\d+$", "", node.name) for node in chain}
    stem = stems.pop() if len(stems) == 1 else ""
    taken = design.names() - {node.name for node in chain}
    return stem if stem.isidentifier() and stem not in taken else chain[0].name
