"""Reading which tensors a layer of a Keras file is called on, as Keras 2 and Keras 3 write it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from blocks.errors import ReadError
from blocks.imports.keras_layers import OPERATIONS, layer_name
from blocks.layers.arguments import MERGES
from blocks.layers.values import is_number

MAX_INDEX = 100_000
NESTED = "Model"


class Ref(NamedTuple):
    """A tensor: the layer that gives it, which of its calls, and which of that call's tensors."""

    layer: str
    call: int
    tensor: int


class Wire(NamedTuple):
    """What one call reads; `inference` is true where Keras 2 calls it with training=False.

    Keras 3 writes training=False nearly everywhere, and its models never heed it.

    `operands` are both sides of an operation such as x + 3: tensors stand as None.
    """

    refs: tuple[Ref, ...]
    inference: bool = False
    operands: tuple[float | None, ...] = ()


def wires_of(name: str, kind: str, inbound: Any) -> list[Wire]:
    """Return the calls of a layer from its `inbound_nodes`.

    Raises:
        ReadError: a call has arguments that a design cannot hold.
    """
    if not isinstance(inbound, list):
        raise ReadError(f"{name}: inbound_nodes must be a list, got {inbound!a:.60}")
    return [_wire(name, kind, call) for call in inbound]


def ref_of(value: Any) -> Ref:
    """Return the tensor that [layer, call, tensor] names.

    Raises:
        ReadError: the value has another form.
    """
    if isinstance(value, list) and len(value) >= 3:
        indices = value[1:3]
        if all(
            isinstance(i, int) and not isinstance(i, bool) and 0 <= i <= MAX_INDEX for i in indices
        ):
            return Ref(layer_name(value[0]), *indices)
    raise ReadError(f"a tensor must be [layer, call, tensor], got {value!a:.60}")


def ends_of(value: Any) -> list[Ref]:
    """Return the tensors of `input_layers` or `output_layers`: one, a list or an object of them."""
    if isinstance(value, Mapping):
        return [ref for key in sorted(value) for ref in ends_of(value[key])]
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [ref_of(value)]
    if isinstance(value, list):
        return [ref for item in value for ref in ends_of(item)]
    raise ReadError(f"the ends of a model must be tensors, got {value!a:.60}")


def _wire(name: str, kind: str, call: Any) -> Wire:
    if isinstance(call, Mapping):
        return _wire_of_keras_3(name, kind, call)
    if not isinstance(call, list) or not call:
        raise ReadError(f"{name}: a call must name the tensors it reads, got {call!a:.60}")
    parts = [call] if isinstance(call[0], str) else call
    words: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, list) and len(part) > 3 and isinstance(part[3], Mapping):
            words |= part[3]
    return Wire(tuple(ref_of(part) for part in parts), _inference(name, words))


def _wire_of_keras_3(name: str, kind: str, call: Mapping[str, Any]) -> Wire:
    given, words = call.get("args", []), call.get("kwargs") or {}
    if not isinstance(words, Mapping):
        raise ReadError(f"{name}: kwargs must be an object, got {words!a:.60}")
    words = dict(words)
    if not given and "inputs" in words:
        given = [words.pop("inputs")]
    if kind in OPERATIONS and isinstance(given, list) and len(given) == 2:
        return _operation(name, given)
    if not isinstance(given, list) or len(given) != 1 or not _fits(kind, given[0]):
        raise ReadError(
            f"{name}: {kind!a:.60} is called in a way that a design cannot hold; only tensors, "
            "given as the first argument, can"
        )
    _inference(name, words)
    return Wire(tuple(_tensors(name, given[0])))


def _operation(name: str, operands: list[Any]) -> Wire:
    """Return the call of an operation on two tensors, or on a tensor and a number."""
    numbers = tuple(float(one) if is_number(one) else None for one in operands)
    tensors = [one for one in operands if not is_number(one)]
    return Wire(tuple(_tensors(name, tensors)), operands=numbers)


def _fits(kind: str, argument: Any) -> bool:
    """Tell whether a first argument is a list exactly where the kind takes several tensors."""
    return kind == NESTED or isinstance(argument, list) == (kind in (*MERGES, "CustomScaleLayer"))


def _tensors(name: str, value: Any) -> Iterator[Ref]:
    if isinstance(value, list):
        for item in value:
            yield from _tensors(name, item)
    elif isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        yield ref_of(config.get("keras_history") if isinstance(config, Mapping) else None)
    elif isinstance(value, Mapping) and "class_name" not in value:
        for key in sorted(value):
            yield from _tensors(name, value[key])
    else:
        raise ReadError(f"{name}: it is called on {value!a:.60}, which is no tensor of the model")


def _inference(name: str, words: Mapping[str, Any]) -> bool:
    for key, value in words.items():
        if value is not None and not (key == "training" and isinstance(value, bool)):
            raise ReadError(
                f"{name}: it is called with {key!a:.40}, which a design cannot hold; arguments of "
                "a layer can be held, arguments of a call cannot"
            )
    if words.get("training") is True:
        raise ReadError(f"{name}: it is called with training=True, which a design cannot hold")
    return words.get("training") is False
