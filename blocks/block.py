"""What a block is: a frozen set of parameters and a description of the layers they stand for."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform

from blocks.layers import Layers, Tensor
from blocks.params import Param, choice, flag, integer, number, shown, text


@dataclass(frozen=True)
class Port:
    """A place where links end (`many`: in any number) or start."""

    name: str
    many: bool = False


ONE = (Port("in"),)
MANY = (Port("in", many=True),)
NONE: tuple[Port, ...] = ()
OUT = (Port("out"),)


@dataclass_transform(frozen_default=True, field_specifiers=(integer, number, choice, flag, text))
class Block:
    """A type of block; its dataclass fields are its parameters.

    Constructing a block never checks values: half-drawn is normal, `problems()` tells.
    A subclass is one file in `blocks/catalog/`; its docstring's first sentence is the summary.
    """

    title: ClassVar[str]
    category: ClassVar[str]
    summary: ClassVar[str]
    citation: ClassVar[str] = ""
    keywords: ClassVar[str] = ""
    inputs: ClassVar[tuple[Port, ...]] = ONE
    outputs: ClassVar[tuple[Port, ...]] = OUT
    is_head: ClassVar[bool] = False
    declared: ClassVar[Mapping[str, Param]] = {}
    rank: ClassVar[int] = 0

    def __init_subclass__(cls, *, category: str, title: str = "", **words: Any) -> None:
        super().__init_subclass__()
        cls.category = category
        cls.title = title or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).capitalize()
        cls.summary = (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
        for name, value in words.items():
            setattr(cls, name, value)
        dataclass(frozen=True)(cls)
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]
        cls.declared = {f.name: f.metadata["param"] for f in fields if "param" in f.metadata}

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        """Describe the block's layers; return the tensor that leaves it."""
        raise NotImplementedError(type(self).__name__)

    @property
    def type_name(self) -> str:
        """The name of the block's type, as files and the palette have it."""
        return type(self).__name__

    @classmethod
    def params(cls) -> Mapping[str, Param]:
        """Return the declared parameters by name."""
        return cls.declared

    def values(self) -> dict[str, Any]:
        """Return the value of every parameter by name."""
        return {name: getattr(self, name) for name in self.declared}

    def replace(self, changes: Mapping[str, Any]) -> "Block":
        """Return the block with some values changed; nothing is checked."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def problems(self) -> Iterator[str]:
        """Yield a sentence for every value that breaks its rule."""
        values = self.values()
        for name, param in self.declared.items():
            message = param.check(values[name])
            if message and param.applies(values):
                yield f"{name} {message}"

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Return the declaration as JSON for the palette and the forms."""
        return {
            "type": cls.__name__,
            "title": cls.title,
            "category": cls.category,
            "summary": cls.summary,
            "citation": cls.citation,
            "keywords": cls.keywords,
            "inputs": [dataclasses.asdict(port) for port in cls.inputs],
            "outputs": [dataclasses.asdict(port) for port in cls.outputs],
            "params": [param.schema(name) for name, param in cls.params().items()],
        }


class Unknown(Block, category="", title="Unknown block", inputs=MANY):
    """A block of a type that is not known here, kept exactly as it came."""

    unknown_type: str = ""
    unknown_params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def type_name(self) -> str:
        return self.unknown_type

    def values(self) -> dict[str, Any]:
        return dict(self.unknown_params)

    def replace(self, changes: Mapping[str, Any]) -> Block:
        return dataclasses.replace(self, unknown_params={**self.unknown_params, **changes})

    def problems(self) -> Iterator[str]:
        yield f"the block type {shown(self.unknown_type)} is not known; replace or remove it"
