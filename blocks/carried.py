"""What a design says of the weights it carries; the values lie in a file of their own."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blocks.errors import EditError

ID = re.compile(r"[0-9a-f]{64}")
MAX_SOURCE = 200
MAX_LAYERS = 1_000_000


@dataclass(frozen=True)
class Carried:
    """The weights of a design: the SHA-256 of their file, where they came from, layers in it."""

    id: str
    source: str
    layers: int

    def to_json(self) -> dict[str, Any]:
        """Return it as the JSON object that stands in a design file."""
        return asdict(self)

    @classmethod
    def of(cls, value: Any) -> "Carried | None":
        """Return what a JSON value says; null says that a design carries no weights.

        Raises:
            EditError: it is no such object.
        """
        if value is None:
            return None
        if not isinstance(value, Mapping) or set(value) != {"id", "source", "layers"}:
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
        return cls(found, source, layers)
