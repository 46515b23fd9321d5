"""The block for a single layer: one of the catalogue where it says all, else the layer as it is."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from blocks.block import Block
from blocks.catalog import BLOCKS
from blocks.errors import ReadError
from blocks.imports.calls import Call
from blocks.imports.matching import Index, Piece, fit
from blocks.node import make_block

Candidate = Callable[[Mapping[str, Any]], Block]
MAX_CONFIG = 2_000


def block_of(kind: str, **values: Any) -> Block:
    """Return a block of a type with these values; nothing is checked."""
    return make_block(kind, values)[0]


def _renamed(block: str, words: Mapping[str, str], **fixed: Any) -> Candidate:
    """Return how a config becomes a block: its arguments under the block's own words."""

    def made(config: Mapping[str, Any]) -> Block:
        values = {words.get(name, name): value for name, value in config.items()}
        known = BLOCKS[block].params()
        if not values.keys() <= known.keys():
            return KEEP
        return make_block(block, {**fixed, **values})[0]

    return made


KEEP = block_of("KerasLayer")
PLAIN = {"activation": "linear"}
CONV_WORDS = {"strides": "stride", "dilation_rate": "dilation"}

CANDIDATES: dict[str, Candidate] = {
    "Activation": _renamed("Activation", {"activation": "function"}),
    "Add": _renamed("Add", {}),
    "AveragePooling": _renamed("Pool", {"pool_size": "size", "strides": "stride"}, kind="average"),
    "BatchNormalization": _renamed("BatchNorm", {}),
    "Concatenate": _renamed("Concatenate", {}),
    "Conv": _renamed("Conv", CONV_WORDS, padding="valid", **PLAIN),
    "ConvTranspose": _renamed("TransposedConv", CONV_WORDS, padding="valid", stride=1),
    "Dense": _renamed("Dense", {}, **PLAIN),
    "Dropout": _renamed("Dropout", {}),
    "Flatten": _renamed("Flatten", {}),
    "GlobalAveragePooling": _renamed("GlobalPool", {}, kind="average"),
    "GlobalMaxPooling": _renamed("GlobalPool", {}, kind="max"),
    "LayerNormalization": _renamed("LayerNorm", {}),
    "MaxPooling": _renamed("Pool", {"pool_size": "size", "strides": "stride"}, kind="max"),
    "Multiply": _renamed("Multiply", {}),
    "SeparableConv": _renamed("SeparableConv", CONV_WORDS, padding="valid", **PLAIN),
    "UpSampling": _renamed("Upsample", {}),
    "ZeroPadding": _renamed("ZeroPad", {}),
}


def single(index: Index, call: Call) -> Piece:
    """Return the piece of one call.

    Raises:
        ReadError: it reads one tensor twice, or its config is too long.
    """
    if len(set(call.inputs)) < len(call.inputs):
        raise ReadError(
            f"{call.name}: it reads {call.inputs[0]} twice, and a design links two blocks only once"
        )
    for block in _input_blocks(call) if call.kind == "InputLayer" else _blocks(call):
        piece = fit(index, block, call.name, call.inputs, to_the_letter=True)
        if piece:
            return piece
    return _as_it_is(call)


def _blocks(call: Call) -> Iterator[Block]:
    candidate = CANDIDATES.get(_without_rank(call.kind))
    if candidate:
        yield candidate(call.config)


def _without_rank(kind: str) -> str:
    for rank in ("1D", "2D"):
        kind = kind.replace(rank, "")
    return kind


def _input_blocks(call: Call) -> Iterator[Block]:
    shape = call.shape
    if len(shape) == 3 and (shape[0] is None) == (shape[1] is None):
        height, width, channels = shape
        sizes = {} if height is None else {"height": height, "width": width}
        yield block_of("Image", channels=channels, any_size=height is None, **sizes)
    if len(shape) == 2:
        length, channels = shape
        sizes = {} if length is None else {"length": length}
        yield block_of("Signal", channels=channels, any_length=length is None, **sizes)


def _as_it_is(call: Call) -> Piece:
    """Return a call as a block that holds any layer."""
    if call.kind == "InputLayer":
        text = "x".join("?" if length is None else str(length) for length in call.shape)
        batch = call.config.get("batch_size")
        block = block_of("KerasInput", shape=text, dtype=call.dtype, batch_size=batch)
    else:
        config = dict(call.config)
        if call.dtype != "float32":
            config["dtype"] = call.dtype
        text = json.dumps(config, allow_nan=False)
        if len(text) > MAX_CONFIG:
            raise ReadError(
                f"{call.name}: the arguments of a {call.kind} may have {MAX_CONFIG:,} characters, "
                f"got {len(text):,}"
            )
        block = block_of("KerasLayer", layer=call.kind, config=text, shared=call.shared)
    for problem in block.problems():
        raise ReadError(f"{call.name}: {problem}")
    frozen = bool(call.weights) and not call.trainable
    return Piece(block, call.name, call.inputs, {"": call.name}, frozen, call.note)
