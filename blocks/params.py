"""Parameters of blocks: declared once; forms, checks, error messages and docs read them."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict, Unpack

When = Mapping[str, tuple[Any, ...]]


def shown(value: object) -> str:
    """Return a value as an error message shows it: short, on one line, nothing invisible."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of a block: default, help, unit and when it applies.

    `when` maps names of other parameters to the values under which this one means anything.
    `headline` puts it on the block's face; `optional` admits None.
    """

    kind: ClassVar[str]

    default: Any
    help: str
    unit: str = ""
    label: str = ""
    when: When = dataclasses.field(default_factory=dict)
    headline: bool = False
    optional: bool = False

    def rule(self) -> str:
        """Return the rule as words that follow "must be"."""
        raise NotImplementedError(self.kind)

    def accepts(self, value: object) -> bool:
        """Tell whether a value other than None keeps the rule."""
        raise NotImplementedError(self.kind)

    def check(self, value: object) -> str | None:
        """Return the sentence about a value that breaks the rule, or None."""
        if value is None and self.optional:
            return None
        if value is not None and self.accepts(value):
            return None
        return f"must be {self.rule()}, got {shown(value)}"

    def applies(self, values: Mapping[str, Any]) -> bool:
        """Tell whether the parameter means anything beside these values of its siblings."""
        return all(values.get(name) in allowed for name, allowed in self.when.items())

    def schema(self, name: str) -> dict[str, Any]:
        """Return the declaration as JSON for forms."""
        return {
            "name": name,
            "label": self.label or name.replace("_", " ").capitalize(),
            "kind": self.kind,
            "default": self.default,
            "min": None,
            "max": None,
            "step": None,
            "options": None,
            "unit": self.unit or None,
            "help": self.help,
            "headline": self.headline,
            "optional": self.optional,
            "when": {key: list(allowed) for key, allowed in self.when.items()} or None,
        }


@dataclass(frozen=True, kw_only=True)
class Integer(Param):
    """A whole number within limits."""

    kind = "integer"
    min: int
    max: int

    def rule(self) -> str:
        return f"an integer from {self.min} to {self.max}" + (" or none" if self.optional else "")

    def accepts(self, value: object) -> bool:
        return (
            isinstance(value, int) and not isinstance(value, bool) and self.min <= value <= self.max
        )

    def schema(self, name: str) -> dict[str, Any]:
        return super().schema(name) | {"min": self.min, "max": self.max, "step": 1}


@dataclass(frozen=True, kw_only=True)
class Number(Param):
    """A finite real number within limits."""

    kind = "number"
    min: float
    max: float
    step: float = 0.1

    def rule(self) -> str:
        return f"a number from {self.min:g} to {self.max:g}" + (" or none" if self.optional else "")

    def accepts(self, value: object) -> bool:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value) and self.min <= value <= self.max  # type: ignore[arg-type, operator]

    def schema(self, name: str) -> dict[str, Any]:
        return super().schema(name) | {"min": self.min, "max": self.max, "step": self.step}


@dataclass(frozen=True, kw_only=True)
class Choice(Param):
    """One of a few words."""

    kind = "choice"
    options: tuple[str, ...]

    def rule(self) -> str:
        return "one of " + ", ".join(self.options)

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value in self.options

    def schema(self, name: str) -> dict[str, Any]:
        return super().schema(name) | {"options": list(self.options)}


@dataclass(frozen=True, kw_only=True)
class Flag(Param):
    """Yes or no."""

    kind = "flag"

    def rule(self) -> str:
        return "true or false"

    def accepts(self, value: object) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True, kw_only=True)
class Text(Param):
    """A text of limited length."""

    kind = "text"
    max: int

    def rule(self) -> str:
        return f"a text of at most {self.max} characters"

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and len(value) <= self.max


class Saying(TypedDict, total=False):
    """What every declaration may say beside its limits; see `Param`."""

    label: str
    when: When
    headline: bool


class SayingMore(Saying, total=False):
    """What the declaration of a number may say too."""

    unit: str
    optional: bool


def integer(
    default: int | None, *, min: int, max: int, help: str, **more: Unpack[SayingMore]
) -> Any:
    """Declare a whole-number parameter of a block."""
    return _field(Integer(default=default, min=min, max=max, help=help, **more))


def number(
    default: float | None,
    *,
    min: float,
    max: float,
    help: str,
    step: float = 0.1,
    **more: Unpack[SayingMore],
) -> Any:
    """Declare a real-number parameter of a block."""
    return _field(Number(default=default, min=min, max=max, step=step, help=help, **more))


def loss_weight(default: float) -> Any:
    """Declare what the loss of a head counts in the sum that training lowers."""
    return number(
        default,
        min=0,
        max=100,
        step=0.1,
        help="What this output's loss counts in the sum that training lowers, where a design has "
        "several outputs; the one that counts most is the main output.",
    )


def choice(default: str, options: tuple[str, ...], *, help: str, **more: Unpack[Saying]) -> Any:
    """Declare a parameter that is one of a few words."""
    return _field(Choice(default=default, options=options, help=help, **more))


def flag(default: bool, *, help: str, **more: Unpack[Saying]) -> Any:
    """Declare a yes-or-no parameter."""
    return _field(Flag(default=default, help=help, **more))


def text(default: str, *, max: int, help: str, **more: Unpack[Saying]) -> Any:
    """Declare a parameter that is a text of at most `max` characters."""
    return _field(Text(default=default, max=max, help=help, **more))


def _field(param: Param) -> Any:
    return dataclasses.field(default=param.default, metadata={"param": param})
