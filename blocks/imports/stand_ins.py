"""Layers that are read as others: keras.applications' own classes, and calls at inference."""

from collections.abc import Iterator, Sequence

from blocks.errors import ReadError
from blocks.imports.calls import Call
from blocks.imports.keras_layers import Entry

RATES = {"GaussianNoise": "stddev"} | dict.fromkeys(
    ("Dropout", "AlphaDropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D"), "rate"
)


def stand_in(
    entry: Entry, name: str, read: Sequence[Call], operands: Sequence[float | None] = ()
) -> Iterator[Call]:
    """Yield the calls that stand for one call of a layer; the last has its name."""
    inputs = tuple(call.name for call in read)
    call = Call(name, entry.kind, entry.config, inputs)
    call = call._replace(trainable=entry.trainable, dtype=entry.dtype)
    if None in operands and len(read) == 1:
        yield _arithmetic(call, operands)
    elif entry.kind == "Divide":
        raise ReadError(f"{name}: a design cannot divide one tensor by another")
    elif entry.kind == "LayerScale":
        yield _layer_scale(call, len(read[0].shape))
    elif entry.kind == "CustomScaleLayer":
        yield from _scaled_sum(call)
    else:
        yield call


def _arithmetic(call: Call, operands: Sequence[float | None]) -> Call:
    """A tensor with a number added, taken away, times or by is a Rescaling."""
    first, second = operands
    number = second if first is None else first
    if number is None or (call.kind == "Divide" and (first is not None or not number)):
        raise ReadError(f"{call.name}: {call.kind} with {number} cannot be held")
    config = {
        "Add": {"scale": 1.0, "offset": number},
        "Subtract": {"scale": 1.0, "offset": -number}
        if first is None
        else {"scale": -1.0, "offset": number},
        "Multiply": {"scale": number},
        "Divide": {"scale": 1 / (number or 1.0)},
    }[call.kind]
    note = f"The operation {call.kind} with {number} in the file: a Rescaling does the same."
    return call._replace(kind="Rescaling", config=config, note=note)


def _layer_scale(call: Call, rank: int) -> Call:
    """A learned factor per channel is a 1x1 depthwise convolution without bias."""
    value = call.config.get("init_values")
    start = {"class_name": "Constant", "config": {"value": value}}
    config = {"kernel_size": 1, "use_bias": False, "depthwise_initializer": start}
    return call._replace(
        kind=f"DepthwiseConv{rank - 1}D",
        config=config,
        note="LayerScale of keras.applications in the file: a 1x1 depthwise convolution without "
        "bias has the same weights and does the same.",
    )


def _scaled_sum(call: Call) -> Iterator[Call]:
    """One tensor plus another times a number is a Rescaling and an Add."""
    if len(call.inputs) != 2:
        raise ReadError(f"{call.name}: CustomScaleLayer takes 2 inputs, got {len(call.inputs)}")
    scaled = f"{call.name}_scale"
    yield call._replace(
        name=scaled, kind="Rescaling", config=dict(call.config), inputs=call.inputs[1:]
    )
    yield call._replace(
        kind="Add",
        config={},
        inputs=(call.inputs[0], scaled),
        note="CustomScaleLayer of keras.applications in the file: this sum and the scaling before "
        "it do the same.",
    )


def at_inference(call: Call) -> Call:
    """Return a call with training=False as layers that do the same in training too.

    Raises:
        ReadError: there are none.
    """
    if call.kind in RATES and call.config.get(RATES[call.kind]):
        note = f"Called with training=False in the file, so its {RATES[call.kind]} is 0 here."
        return call._replace(config={**call.config, RATES[call.kind]: 0.0}, note=note)
    trained_norm = call.kind == "BatchNormalization" and call.trainable
    if trained_norm or call.kind.startswith("Random"):
        raise ReadError(
            f"{call.name}: {call.kind} is called with training=False, which a design can only "
            "hold of layers that are not trained; set trainable to False on it"
        )
    return call
