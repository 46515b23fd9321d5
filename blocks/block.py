"""What a block is: a frozen set of parameters and a description of the layers they stand for."""

import dataclasses
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, dataclass_transform

from blocks.layers import Layers, Tensor, batch_norm_epsilon, initializer, norm_epsilon
from blocks.params import Param, choice, flag, integer, loss_weight, number, shown, text


@dataclass(frozen=True)
class Port:
    """A place where links end (`many`: in any number) or start."""

    name: str
    many: bool = False


@dataclass(frozen=True)
class Preset:
    """Values of a block type's parameters that people know under a name of their own."""

    id: str
    title: str
    summary: str
    citation: str
    values: Mapping[str, Any]


ONE = (Port("in"),)
MANY = (Port("in", many=True),)
NONE: tuple[Port, ...] = ()
OUT = (Port("out"),)


@dataclass_transform(
    frozen_default=True,
    field_specifiers=(
        integer,
        number,
        choice,
        flag,
        text,
        loss_weight,
        initializer,
        norm_epsilon,
        batch_norm_epsilon,
    ),
)
class Block:
    """A type of block; its dataclass fields are its parameters.

    Constructing a block never checks values: half-drawn is normal, `problems()` tells.
    A subclass is one file in `blocks/catalog/`; its docstring's first paragraph is the summary,
    what follows the details. `naming` are the parameters that only name its layers.
    """

    title: ClassVar[str]
    category: ClassVar[str]
    summary: ClassVar[str]
    details: ClassVar[str] = ""
    citation: ClassVar[str] = ""
    keywords: ClassVar[str] = ""
    inputs: ClassVar[tuple[Port, ...]] = ONE
    outputs: ClassVar[tuple[Port, ...]] = OUT
    is_head: ClassVar[bool] = False
    presets: ClassVar[tuple[Preset, ...]] = ()
    naming: ClassVar[tuple[str, ...]] = ()
    declared: ClassVar[Mapping[str, Param]] = {}
    rank: ClassVar[int] = 0

    def __init_subclass__(cls, *, category: str, title: str = "", **words: Any) -> None:
        super().__init_subclass__()
        cls.category = category
        cls.title = title or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).capitalize()
        cls.summary, *details = (" ".join(p.split()) for p in (cls.__doc__ or "").split("\n\n"))
        cls.details = "\n\n".join(details)
        for name, value in words.items():
            setattr(cls, name, value)
        dataclass(frozen=True)(cls)
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]
        cls.declared = {f.name: f.metadata["param"] for f in fields if "param" in f.metadata}

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        """Describe the block's layers; return the tensor that leaves it."""
        raise NotImplementedError(type(self).__name__)

    def layer_names(self, repeat: int = 0) -> Mapping[str, str]:
        """Return names for its layers, by their places in the block, other than the usual ones.

        `repeat` counts the repetitions of the block from 0: every one needs names of its own.
        """
        return {}

    def renaming(self, taken: Container[str], repeats: int = 1) -> Mapping[str, Any]:
        """Return the changes after which none of its `layer_names` is taken, if it has any."""
        return {}

    @property
    def type_name(self) -> str:
        """The name of the block's type, as files and the palette have it."""
        return type(self).__name__

    @classmethod
    def preset(cls, preset_id: str, **values: Any) -> Self:
        """Return the block with the values of a preset, and with others set beside them.

        Raises:
            KeyError: the type has no such preset; the message names those it has.
        """
        found = {preset.id: preset for preset in cls.presets}
        if preset_id not in found:
            known = ", ".join(found) or "none"
            raise KeyError(f"{cls.__name__} has no preset {shown(preset_id)}; it has: {known}")
        return cls(**{**found[preset_id].values, **values})

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
            "details": cls.details,
            "citation": cls.citation,
            "keywords": cls.keywords,
            "inputs": [dataclasses.asdict(port) for port in cls.inputs],
            "outputs": [dataclasses.asdict(port) for port in cls.outputs],
            "params": [param.schema(name) for name, param in cls.params().items()],
            "presets": [dataclasses.asdict(preset) for preset in cls.presets],
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
