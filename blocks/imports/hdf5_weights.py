"""Finding the weights of layers in an HDF5 file of Keras 2 or 3; only ever called in a child.

Plain arrays are read, nothing of Keras is deserialised. A data set's shape is compared before its
values are read, so a file cannot make this take more memory than the layers do; and a file of a
few bytes is not believed that it holds many, as a data set can be declared without any values.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from blocks.errors import ReadError
from blocks.weights import Array, LayerWeights

Request = Mapping[str, Any]
"""What `Place.request` made: a layer of ours and where its weights are."""

MAX_NAMES_BYTES = 20_000_000
MOST_TIMES = 20
"""How many times its own size a file can hold; what training makes hardly packs at all."""
ALWAYS = 64 * 1024**2
"""Bytes of values that are believed of a file of any size."""
WITHIN = ("vars", "layer/vars")  # of a layer, and of the layer inside a wrapper


def most_held(file_bytes: int) -> int:
    """Return how many bytes a file of a size is believed to hold."""
    return ALWAYS + MOST_TIMES * file_bytes


def found_layers(file: Any, requests: Sequence[Request], file_bytes: int) -> Iterator[LayerWeights]:
    """Yield the weights of the layers that the file has, as our layers have them.

    `file_bytes` is the size of what somebody gave: the file, or the archive around it.

    Raises:
        ReadError: a layer has other weights in the file, or more than such a file can hold.
    """
    root = file.get("model_weights", file)
    find = _in_groups(root, requests) if _texts(root, "layer_names") else _in_store(file, requests)
    said = 0
    for request, sets in find:
        roles = [role for role, _, _ in request["weights"]]
        said += sum(getattr(one, "nbytes", 0) for one in sets)
        if said > most_held(file_bytes):
            raise ReadError(
                f"{request['layer']}: with it the file says that it holds {said:,} bytes of "
                f"weights; a file of {file_bytes:,} bytes may hold {most_held(file_bytes):,}"
            )
        yield LayerWeights(request["layer"], roles, _values(request, sets))


def weighted_names(file: Any) -> list[str]:
    """Return the names of the layers that a file has weights for, in the file's order."""
    root = file.get("model_weights", file)
    groups = _texts(root, "layer_names")
    if groups:
        return [name for name in groups if name in root and _texts(root[name], "weight_names")]
    return ["/".join(names) for names, path in _named(file) if _variables(file[path])]


def _values(request: Request, sets: Sequence[Any]) -> list[Array]:
    wanted = request["weights"]
    if len(sets) != len(wanted):
        raise ReadError(
            f"{request['layer']}: the file has {len(sets)} weights for it, the design "
            f"{len(wanted)} ({', '.join(role for role, _, _ in wanted)})"
        )
    pairs = zip(wanted, sets, strict=True)
    return [_value(request, role, tuple(shape), found) for (role, shape, _), found in pairs]


def _value(request: Request, role: str, shape: tuple[int, ...], found: Any) -> Array:
    """Return the values of one data set once its shape and its type are what they should be."""
    import h5py

    where = f"{request['layer']}: its {role}"
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in "fiu":
        raise ReadError(f"{where} must be an array of numbers in the file, got something else")
    if found.dtype.kind == "u" and "dtype" in found.attrs:
        raise ReadError(f"{where} is in {found.attrs['dtype']!a:.30}; save the model in float32")
    same = _without_ones(found.shape) == _without_ones(shape) if request["reshaped"] else False
    if found.shape != shape and not same:
        raise ReadError(
            f"{where} has the shape {shape} in the design and {found.shape} in the file"
        )
    return np.asarray(found[()]).reshape(shape)


def _without_ones(shape: Sequence[int]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _in_store(file: Any, requests: Sequence[Request]) -> Iterator[tuple[Request, list[Any]]]:
    """Yield the data sets of layers as .keras and .weights.h5 have them, under `layers/<class>`.

    Newer files tell each layer's name, older ones only its class and count.
    """
    named = dict(_named(file))
    for request in requests:
        path = named.get(tuple(request["names"])) or ("" if named else request["store"])
        if path and path in file:
            yield request, _variables(file[path])


def _variables(layer: Any) -> list[Any]:
    """Return the data sets of a layer's group, or of the layer inside a wrapper."""
    for part in WITHIN:
        found = layer.get(part)
        if found is not None and len(found):
            return [found[str(number)] for number in range(len(found))]
    return []


def _named(file: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the names of a layer, those of the models around it first, and its group."""
    waiting: list[tuple[tuple[str, ...], str]] = [((), "")]
    while waiting:
        names, path = waiting.pop()
        layers = file.get(f"{path}/layers".lstrip("/"), {})
        for part in layers:
            inner = f"{path}/layers/{part}".lstrip("/")
            marks = file[inner].get("vars") if hasattr(file[inner], "get") else None
            name = marks.attrs.get("name") if marks is not None else None
            if isinstance(name, str):
                found = (*names, name.replace("/", "_"))
                yield found, inner
                waiting.append((found, inner))


def _in_groups(root: Any, requests: Sequence[Request]) -> Iterator[tuple[Request, list[Any]]]:
    """Yield the data sets of layers as .h5 files have them: a group for each layer of the model.

    A model inside the model is one group with the weights of all its layers, those that are
    trained first.
    """
    groups: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        groups[request["group"]].append(request)
    for name, members in groups.items():
        if name not in root:
            continue
        sets = [root[name][text] for text in _texts(root[name], "weight_names")]
        if len(members) == 1:
            yield members[0], sets
        else:
            yield from _dealt(name, members, sets)


def _dealt(
    name: str, members: Sequence[Request], sets: Sequence[Any]
) -> Iterator[tuple[Request, list[Any]]]:
    """Deal the data sets of a group out to the layers in it."""
    trained: list[tuple[int, int]] = []
    resting: list[tuple[int, int]] = []
    for member, request in enumerate(members):
        for place, (_, _, trainable) in enumerate(request["weights"]):
            (trained if trainable and request["trainable"] else resting).append((member, place))
    if len(trained) + len(resting) != len(sets):
        raise ReadError(
            f"{name!a:.60}: the file has {len(sets)} weights for this model, the design "
            f"{len(trained) + len(resting)}"
        )
    dealt = dict(zip(trained + resting, sets, strict=True))
    for member, request in enumerate(members):
        yield request, [dealt[member, place] for place in range(len(request["weights"]))]


def _texts(group: Any, name: str) -> list[str]:
    """Return an attribute that lists texts; a long one goes on in others with a count."""
    parts = [name] if name in group.attrs else []
    for number in count():
        if parts == [name] or f"{name}{number}" not in group.attrs:
            break
        parts.append(f"{name}{number}")
    found: list[str] = []
    for part in parts:
        if group.attrs.get_id(part).get_storage_size() > MAX_NAMES_BYTES:
            raise ReadError(f"the attribute {name} may have {MAX_NAMES_BYTES:,} bytes, got more")
        values = group.attrs[part]
        found += [one.decode("utf-8") if isinstance(one, bytes) else str(one) for one in values]
    return found
