"""Dense blocks and their transitions, and the heads that tell classes apart."""

from collections.abc import Iterator

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.walk import channels, family, line, made

LONGEST = 128
POOLINGS = {"GlobalAveragePooling": "average", "GlobalMaxPooling": "max", "Flatten": "flatten"}


def dense_block(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Pairs of convolutions, each set beside all that came before it."""
    sources: list[str] = []
    call = head
    growth = bottleneck = 0
    epsilon = 1e-3
    while call.kind == "Concatenate" and len(call.inputs) == 2 and len(sources) < LONGEST:
        calls = line(index, call.inputs[1], 6)
        if len(calls) < 6 or [family(one) for one in calls[::3]] != ["Conv", "Conv"]:
            break
        if calls[5].inputs != (call.inputs[0],):
            break
        if not sources:
            growth, bottleneck = calls[0].config["filters"], calls[3].config["filters"]
            epsilon = calls[5].config.get("epsilon", 1e-3)
        sources.append(call.inputs[0])
        call = index.calls[call.inputs[0]]
    if sources:
        values = {"convolutions": len(sources), "growth_rate": growth, "epsilon": epsilon}
        yield made("DenseBlock", **values, bottleneck=bottleneck // growth), sources[-1]


def transition(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Normalisation, activation, a 1x1 convolution with fewer channels, and a pooling."""
    calls = line(index, head.name)[:4]
    kinds = ["AveragePooling", "Conv", "Activation", "BatchNormalization"]
    if [family(call) for call in calls] != kinds:
        return
    (source,) = calls[3].inputs
    coming, leaving = channels(index, source), calls[1].config["filters"]
    if coming:
        epsilon = calls[3].config.get("epsilon", 1e-3)
        yield made("Transition", reduction=leaving / coming, epsilon=epsilon), source


def classifier(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """The last dense layer, with the pooling and the dropout before it."""
    if head.kind != "Dense" or head.name not in index.outputs or len(head.inputs) != 1:
        return
    values = {
        "classes": head.config["units"],
        "activation": head.config.get("activation", "linear"),
    }
    calls = line(index, head.inputs[0])
    for dropped in (True, False):
        before = calls
        rate = 0.0
        if dropped and family(calls[0]) == "Dropout":
            rate, before = calls[0].config["rate"], calls[1:]
        elif dropped:
            continue
        pooling = POOLINGS.get(family(before[0])) if before else None
        if pooling:
            yield made("Classifier", **values, pooling=pooling, dropout=rate), before[0].inputs[0]
        if before:
            name = before[0].name
            places = len(index.calls[name].shape) > 1
            yield (
                made("Classifier", **values, pooling="none" if places else None, dropout=rate),
                name,
            )


def auxiliary(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """A small head on the way, as GoogLeNet has two."""
    calls = line(index, head.name, 6) if head.kind == "Dense" else []
    rate = 0.0
    if len(calls) > 1 and family(calls[1]) == "Dropout":
        rate, calls = calls[1].config["rate"], [calls[0], *calls[2:]]
    kinds = ["Dense", "Dense", "Flatten", "Conv", "AveragePooling"]
    if [family(call) for call in calls[:5]] == kinds:
        values = {
            "classes": head.config["units"],
            "units": calls[1].config["units"],
            "filters": calls[3].config["filters"],
        }
        yield made("AuxiliaryClassifier", **values, dropout=rate), calls[4].inputs[0]
