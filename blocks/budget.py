"""What a design may cost at most, as its file says it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from blocks.errors import EditError

MAX_BATCH = 65_536
MAX_LIMIT = 2**53 - 1  # what every browser can count to


@dataclass(frozen=True)
class Budget:
    """Limits of a design; None is no limit.

    `params` counts parameters, `macs` multiply-adds per sample; bytes are of float32 values,
    those of training at `batch_size` with the optimizer Adam.
    """

    params: int | None = None
    macs: int | None = None
    weight_bytes: int | None = None
    training_bytes: int | None = None
    batch_size: int = 32

    def to_json(self) -> dict[str, Any]:
        """Return it as the JSON object that stands in a design file."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def of(cls, value: Any) -> "Budget | None":
        """Return what a JSON value says; null says that a design has no budget.

        Raises:
            EditError: it is no such object.
        """
        if value is None:
            return None
        known = cls.__dataclass_fields__
        if not isinstance(value, Mapping) or not set(value) <= set(known):
            raise EditError(f"a budget has {', '.join(known)}, got {value!a:.60}")
        for name, limit in value.items():
            most = MAX_BATCH if name == "batch_size" else MAX_LIMIT
            if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= most:
                raise EditError(
                    f"the budget's {name} must be an integer from 1 to {most:,}, got {limit!a:.40}"
                )
        return cls(**value)
