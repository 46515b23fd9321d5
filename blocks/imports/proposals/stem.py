"""Where networks begin and where a U-Net goes up again: stems, and steps that join a skip."""

from collections.abc import Iterator

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.walk import family, line, made

LONGEST = 16
CONVOLUTIONS = {"resnet": 1, "deep": 3, "googlenet": 3}


def stem(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """One 7x7 convolution, or three of 3x3, or GoogLeNet's three, and a pooling after them."""
    if family(head) != "MaxPooling" or head.config.get("strides") != 2:
        return
    calls = line(index, head.name, LONGEST)
    convs = [place for place, call in enumerate(calls) if family(call) == "Conv"]
    for variant, count in CONVOLUTIONS.items():
        if len(convs) < count or calls[convs[count - 1]].config.get("strides", 1) != 2:
            continue
        start = convs[count - 1]
        padded = family(calls[start + 1]) == "ZeroPadding" if start + 1 < len(calls) else False
        first = calls[convs[0] if variant == "deep" else start].config
        norms = [call for call in calls[:start] if family(call) == "BatchNormalization"]
        functions = [call for call in calls[:start] if family(call) == "Activation"]
        plain = first.get("activation", "linear")
        block = made(
            "Stem",
            filters=first["filters"],
            variant=variant,
            batch_norm=bool(norms),
            padding="symmetric" if padded else "same",
            pool=_zeros(calls[0], calls[1]),
            activation=functions[0].config["activation"] if functions else plain,
            use_bias=first.get("use_bias"),
            epsilon=norms[0].config.get("epsilon") if norms else None,
            kernel_initializer=first.get("kernel_initializer"),
        )
        yield block, calls[start + padded].inputs[0]


def _zeros(pool: Call, before: Call) -> str:
    if family(before) == "ZeroPadding":
        return "symmetric"
    return str(pool.config.get("padding", "valid"))


def unet_step(index: Index, head: Call) -> Iterator[tuple[Block, str, str]]:
    """Convolutions after a concatenation of what comes from across and from below."""
    if family(head) not in ("Conv", "Activation"):
        return
    calls = line(index, head.name)
    joined = calls[-1]
    if joined.kind != "Concatenate" or len(joined.inputs) != 2:
        return
    skip, up = (index.calls[name] for name in joined.inputs)
    convs = [call for call in calls if family(call) == "Conv"]
    if up.kind.startswith("Conv") and up.kind.endswith("Transpose") and convs:
        normalised = any(family(call) == "BatchNormalization" for call in calls)
        values = {"filters": up.config["filters"], "convolutions": len(convs)}
        yield made("UNetStep", **values, batch_norm=normalised), up.inputs[0], skip.name
