"""What a layer is in PyTorch: a submodule, and an expression of the forward pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from blocks.exports.code.trace import expression_of
from blocks.exports.format import ExportError
from blocks.graph import Shape
from blocks.layers.windows import pair

INPUT = "{0}"


class Operation(NamedTuple):
    """A layer in PyTorch.

    `module` is the class of its submodule, none for a plain function, `config` the arguments the
    submodule is made with. `forward` is the expression of a call, with {0} for what the submodule
    gives, or for the value that comes in, and {1}, {2} for further values. `channels` are those
    that leave, with their formula where they have one.
    """

    module: str = ""
    config: Mapping[str, Any] = {}
    forward: str = INPUT
    channels: Any = None

    @property
    def kind(self) -> str:
        """What steps must share to be one statement: "nn.Conv2d F.relu({0})"."""
        return f"{self.module} {self.forward}"


def module_of(kind: str) -> str:
    """Return the class of the submodule of a step's kind; nothing where it has none."""
    return kind.partition(" ")[0]


def forward_of(kind: str) -> str:
    """Return the expression of a step's kind."""
    return kind.partition(" ")[2]


@dataclass(frozen=True)
class Site:
    """A layer where it stands: its Keras kind and config, and what comes in.

    `shapes` are those of its inputs as Keras has them, channels last, and `shape` its own;
    `channels` the channels of each input, with formulas where they have any. `varying` are the
    parameters of the block that may have other values in other instances.
    """

    name: str
    block: str
    kind: str
    config: Mapping[str, Any]
    shapes: Sequence[Shape]
    shape: Shape
    channels: Sequence[Any]
    varying: frozenset[str] = field(default_factory=frozenset)

    @property
    def rank(self) -> int:
        """How many axes come in beside batch and channels."""
        return len(self.shapes[0]) - 1

    def get(self, name: str, default: Any) -> Any:
        """Return an argument of the layer."""
        value = self.config.get(name)
        return default if value is None else value

    def sizes(self, value: Any) -> tuple[int, ...]:
        """Return a size with a number for every axis."""
        return pair(value, self.rank)

    def varies(self, value: Any) -> bool:
        """Tell whether a value may be another one in other instances of the block."""
        parts = value if isinstance(value, tuple) else (value,)
        formulas = [expression_of(part) for part in parts]
        return any(formula and formula.params & self.varying for formula in formulas)

    def refused(self, why: str = "") -> ExportError:
        """Return the error of a layer that PyTorch has no equal of."""
        reason = f"with {why} " if why else ""
        return ExportError(
            f"{self.block}: the layer {self.name!a:.60} ({self.kind}) {reason}has no equal in "
            "PyTorch code; replace or remove it, or export another format"
        )


Converter = Callable[[Site], Operation]
