"""Finding one text for values that differ between blocks of one kind: the arguments they need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.exports.code.arguments import in_order
from blocks.exports.code.text import argument, literal, tuple_text
from blocks.exports.code.trace import Expression, expression_of
from blocks.exports.code.words import free_name


@dataclass
class Merge:
    """Finds one text for a value that several instances of a block have.

    `values` are their parameters, of which those in `free` may be arguments; `given` are values
    that a share may be taken of. What was needed is in `params` and `extras`: further arguments
    with their value for each instance, called like none of those `taken`.
    """

    values: Sequence[Mapping[str, Any]]
    free: set[str]
    given: Collection[str]
    taken: set[str]
    params: set[str] = field(default_factory=set)
    extras: dict[str, list[Any]] = field(default_factory=dict)

    def text(self, column: Sequence[Any], name: str) -> str:
        """Return a literal, a formula over parameters, or the name of a further argument."""
        formula = self._formula(column)
        if formula and formula.params & self.free:
            self.params |= formula.params
            return formula.text
        first = column[0]
        nested = [value for value in column if isinstance(value, list | tuple)]
        if len(nested) == len(column) and len({len(value) for value in nested}) == 1:
            parts = [self.text(part, name) for part in zip(*nested, strict=True)]
            return tuple_text(parts)
        if all(type_and_value(value) == type_and_value(first) for value in column):
            return literal(first)
        return self._share(column) or self._extra(list(column), name)

    def words(self, column: Sequence[Mapping[str, Any]], name: str) -> list[str]:
        """Return the keywords of an object that several instances have, each merged."""
        configs = [value["config"] for value in column]
        given = in_order(column[0]["class_name"], configs[0])
        return [
            argument(keyword, self.text([config[word] for config in configs], name))
            for keyword, word, _ in given
        ]

    def _formula(self, column: Sequence[Any]) -> Expression | None:
        for value in column:
            formula = expression_of(value)
            if formula and all(
                formula.params <= params.keys() and formula.compute(params) == found
                for params, found in zip(self.values, column, strict=True)
            ):
                return formula
        return None

    def _share(self, column: Sequence[Any]) -> str:
        """Return several numbers as one multiple or fraction of what is given, where they are."""
        for name in self.given:
            given = [values.get(name) for values in self.values]
            pairs = list(zip(column, given, strict=True))
            if not all(isinstance(one, int) and one for pair in pairs for one in pair):
                continue
            for sign, shares in (
                ("*", {divmod(one, base) for one, base in pairs}),
                ("//", {divmod(base, one) for one, base in pairs}),
            ):
                ((share, rest), *others) = shares
                if not others and not rest:
                    self.params.add(name)
                    return name if share == 1 else f"{name} {sign} {share}"
        return ""

    def _extra(self, column: list[Any], name: str) -> str:
        for known, values in self.extras.items():
            if values == column:
                return known
        taken = {*self.extras, *self.taken}
        free = name if name not in taken else free_name(f"{name}_here", taken)
        self.extras[free] = column
        return free


def type_and_value(value: Any) -> tuple[bool, Any]:
    """Return what tells 1 from True."""
    return isinstance(value, bool), value
