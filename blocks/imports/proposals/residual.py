"""Blocks with a shortcut: residual blocks of all kinds, inverted ones, Xception's, the fork."""

from collections.abc import Iterator, Sequence
from typing import Any

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.walk import Fork, channels, family, fork_of, line, made


def residual(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Two or three convolutions with a shortcut around them, the activation after the sum."""
    add, after = _sum_before(index, head)
    fork = fork_of(index, add) if add else None
    if fork is None:
        return
    for shortcut_first in (True, False):
        short, main = fork.branches if shortcut_first else fork.branches[::-1]
        convs = _of("Conv", main)[::-1]
        if len(convs) not in (2, 3) or len(_of("Conv", short)) > 1:
            continue
        values = _sizes(convs) | _normalisation(main)
        values["shortcut_first"] = shortcut_first
        if family(main[-1]) in ("BatchNormalization", "Activation"):
            values["variant"] = "pre_activation"
            values["activation"] = next((_function(c) for c in main if _function(c)), "relu")
        else:
            values["activation"] = after
        if any(family(call) == "ZeroPadding" for call in main):
            values["padding"] = "symmetric"
        for words in _shortcuts(short):
            yield made("Residual", **values, **words), fork.source


def _sum_before(index: Index, head: Call) -> tuple[Call | None, str]:
    """Return the sum a residual block may end with, and the activation after it."""
    if head.kind == "Add":
        return (head if len(head.inputs) == 2 else None), "linear"
    before = index.before(head) if head.kind == "Activation" else None
    if before and before.kind == "Add" and len(before.inputs) == 2:
        return before, head.config["activation"]
    return None, "linear"


def _sizes(convs: Sequence[Call]) -> dict[str, Any]:
    """Return filters, windows and steps, from the convolutions of the main line in order."""
    configs = [call.config for call in convs]
    values: dict[str, Any] = {
        "filters": configs[-1]["filters"],
        "kernel_size": configs[0 if len(convs) == 2 else 1]["kernel_size"],
        "use_bias": configs[0].get("use_bias"),
        "kernel_initializer": configs[0].get("kernel_initializer"),
    }
    steps = [config.get("strides", 1) for config in configs]
    values["stride"] = next((step for step in steps if step != 1), 1)
    if len(convs) == 3:
        inner = configs[0]["filters"]
        values["variant"] = "bottleneck"
        values["inner_filters"] = None if inner * 4 == values["filters"] else inner
        values["stride_on"] = "middle" if steps[0] == 1 and steps[1] != 1 else "first"
    return values


def _normalisation(calls: Sequence[Call]) -> dict[str, Any]:
    norms = _of("BatchNormalization", calls)
    epsilon = norms[0].config.get("epsilon") if norms else None
    return {"batch_norm": bool(norms), "epsilon": epsilon}


def _shortcuts(short: Sequence[Call]) -> Iterator[dict[str, Any]]:
    """Yield the ways of a shortcut that its layers may come from."""
    convs = _of("Conv", short)
    if convs:
        functions = [_function(call) for call in short if _function(call)]
        function = functions[0] if functions else convs[0].config.get("activation", "linear")
        yield {"projection_activation": function}
        yield {"projection_activation": function, "shortcut": "projection"}
    elif short:
        yield {"shortcut": "zero_pad"}
    else:
        yield {}


def _of(kind: str, calls: Sequence[Call]) -> list[Call]:
    return [call for call in calls if family(call) == kind]


def _function(call: Call) -> str:
    return str(call.config["activation"]) if call.kind == "Activation" else ""


def inverted(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """A wide depthwise convolution between two 1x1 convolutions, as in MobileNetV2."""
    if head.kind == "Add" and len(head.inputs) == 2:
        fork = fork_of(index, head)
        if fork is None or fork.branches[0]:
            return
        yield from _inverted(index, fork.branches[1], fork.source)
    elif head.kind == "BatchNormalization":
        for main in _up_to_start(line(index, head.name)):
            yield from _inverted(index, main, main[-1].inputs[0])


def _inverted(index: Index, main: Sequence[Call], source: str) -> Iterator[tuple[Block, str]]:
    depthwise, convs = _of("DepthwiseConv", main), _of("Conv", main)
    coming = channels(index, source)
    if len(depthwise) != 1 or not 1 <= len(convs) <= 2 or not coming:
        return
    wide = convs[1].config["filters"] if len(convs) == 2 else coming
    yield (
        made(
            "InvertedResidual",
            filters=convs[0].config["filters"],
            stride=depthwise[0].config.get("strides", 1),
            expansion=wide // coming,
            kernel_size=depthwise[0].config["kernel_size"],
            as_in_keras=any(call.kind == "ReLU" for call in main),
        ),
        source,
    )


def _up_to_start(calls: Sequence[Call]) -> Iterator[Sequence[Call]]:
    """Yield the lines without shortcut: from where it widens, or from the depthwise window on."""
    kinds = ["Activation" if call.kind == "ReLU" else family(call) for call in calls[:9]]
    if kinds[4:5] == ["DepthwiseConv"]:
        end = 6 if kinds[5:6] == ["ZeroPadding"] else 5
        if kinds[end : end + 3] == ["Activation", "BatchNormalization", "Conv"]:
            yield calls[: end + 3]
        yield calls[:end]


def conv_next(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """A wide depthwise convolution, two dense layers and a scale beside a shortcut."""
    fork = fork_of(index, head) if head.kind == "Add" and len(head.inputs) == 2 else None
    if fork is None or fork.branches[0]:
        return
    main = fork.branches[1]
    kinds = ["DepthwiseConv", "Dense", "Dense", "LayerNormalization", "DepthwiseConv"]
    if [family(call) for call in main] != kinds:
        return
    scale = main[0].config.get("depthwise_initializer")
    if isinstance(scale, dict) and scale.get("class_name") == "Constant":
        narrow, wide = main[1].config["units"], main[2].config["units"]
        values = {"kernel_size": main[4].config["kernel_size"], "expansion": wide // narrow}
        yield made("ConvNeXtBlock", **values, layer_scale=scale["config"]["value"]), fork.source


def xception(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Separable convolutions with a shortcut around them."""
    fork = fork_of(index, head) if head.kind == "Add" and len(head.inputs) == 2 else None
    if fork is None:
        return
    convs = _of("SeparableConv", fork.branches[0])
    if not convs:
        return
    pools = _of("MaxPooling", fork.branches[0])
    filters, inner = convs[0].config["filters"], convs[-1].config["filters"]
    yield (
        made(
            "XceptionModule",
            filters=filters,
            convolutions=len(convs),
            stride=pools[0].config.get("strides", 1) if pools else 1,
            inner_filters=None if inner == filters else inner,
            first_activation=family(fork.branches[0][-1]) == "Activation",
        ),
        fork.source,
    )


def max_pool_fork(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Two convolutions beside a max pooling, as in Rajpurkar's network."""
    fork = fork_of(index, head) if head.kind == "Add" and len(head.inputs) == 2 else None
    if fork is None or len(_of("Conv", fork.branches[1])) != 2:
        return
    yield from _pooled(fork)


def _pooled(fork: Fork) -> Iterator[tuple[Block, str]]:
    short, main = fork.branches
    pools, convs = _of("MaxPooling", short), _of("Conv", main)
    if len(pools) != 1:
        return
    dropouts = _of("Dropout", main)
    yield (
        made(
            "MaxPoolFork",
            filters=convs[0].config["filters"],
            kernel_size=convs[0].config["kernel_size"],
            subsample=pools[0].config.get("pool_size", 2),
            dropout=dropouts[0].config["rate"] if dropouts else 0.0,
            first=family(main[-1]) == "Conv",
            pool_padding=pools[0].config.get("padding", "valid"),
            activation=next((_function(call) for call in main if _function(call)), "relu"),
            kernel_initializer=convs[0].config.get("kernel_initializer"),
        ),
        fork.source,
    )
