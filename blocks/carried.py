"""What a design says of the weights it carries; the values lie in a file of their own."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from blocks.errors import EditError

ID = re.compile(r"[0-9a-f]{64}")
MAX_SOURCE = 200
MAX_LAYERS = 1_000_000
MAX_RENAMED = 10_000
MAX_NAME = 200


@dataclass(frozen=True)
class Carried:
    """The weights of a design: the SHA-256 of their file, where they came from, layers in it.

    `renamed` has the names that the file knows blocks by which are called otherwise since, by
    their ids.
    """

    id: str
    source: str
    layers: int
    renamed: Mapping[str, str] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return it as the JSON object that stands in a design file."""
        said = asdict(self)
        return said if self.renamed else {k: v for k, v in said.items() if k != "renamed"}

    def following(self, node_id: str, before: str, after: str) -> "Carried":
        """Return it with a block's name of before known, so that its weights stay with it.

        A name that is another block's already stays that one's.
        """
        first = self.renamed.get(node_id, before)
        others = {known: name for known, name in self.renamed.items() if known != node_id}
        plain = after == first or first in others.values()
        return replace(self, renamed=others if plain else {**others, node_id: first})

    @classmethod
    def of(cls, value: Any) -> "Carried | None":
        """Return what a JSON value says; null says that a design carries no weights.

        Raises:
            EditError: it is no such object.
        """
        if value is None:
            return None
        if not isinstance(value, Mapping) or set(value) - {"renamed"} != {"id", "source", "layers"}:
            raise EditError(
                f"weights must be null or have id, source and layers, got {value!a:.60}"
            )
        found, source, layers = value["id"], value["source"], value["layers"]
        if not isinstance(found, str) or not ID.fullmatch(found):
            raise EditError(f"the id of weights must be 64 hexadecimal digits, got {found!a:.60}")
        if not isinstance(source, str) or len(source) > MAX_SOURCE or not source.isprintable():
            raise EditError(
                f"the source of weights must be a text of up to {MAX_SOURCE} characters, "
                f"got {source!a:.60}"
            )
        if isinstance(layers, bool) or not isinstance(layers, int) or not 0 <= layers <= MAX_LAYERS:
            raise EditError(f"the layers of weights must be a count, got {layers!a:.40}")
        return cls(found, source, layers, _renamed(value.get("renamed", {})))


def _renamed(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > MAX_RENAMED:
        raise EditError(f"the renamed blocks of weights must be an object, got {value!a:.60}")
    for name in (*value, *value.values()):
        if not isinstance(name, str) or len(name) > MAX_NAME:
            raise EditError(f"the renamed blocks of weights must have names, got {name!a:.60}")
    return dict(value)
