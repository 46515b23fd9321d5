"""Names of the functions that stand for the variants of a block."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from blocks.exports.code.arguments import defaults_of
from blocks.exports.code.pattern import ALSO, innermost_first
from blocks.exports.code.variant import Variant
from blocks.exports.code.words import free_name, snake
from blocks.own import PREFIX

RANK = re.compile(r"[123][Dd]\b")
WORD = re.compile(r"\w{1,40}", re.ASCII)
WORDS = re.compile(r"[A-Z][a-z]+")
BESIDE = ("Activation", "BatchNorm", "nn.BatchNorm")
"""What kinds of layers begin with that tell less of a block than the others in it."""


def function_name(type_name: str, words: Sequence[str]) -> str:
    """Return what the function of a type of block is called: vgg_block_batch_norm."""
    return "_".join([snake(type_name.removeprefix(PREFIX)), *words])


def name_variants(
    variants: Sequence[Variant],
    called: Callable[[str, Sequence[str]], str] = function_name,
    taken: Iterable[str] = (),
) -> None:
    """Give every variant a name that says how it differs from its siblings.

    `called` makes a name of a type and of such words; those in `taken` are not given.
    """
    by_type: dict[str, list[Variant]] = {}
    for variant in variants:
        by_type.setdefault(variant.model.node.block.type_name, []).append(variant)
    taken = set(taken)
    for type_name, siblings in by_type.items():
        for variant, words in zip(siblings, _telling_words(siblings), strict=True):
            variant.name, variant.words = _numbered(called(type_name, words), taken), words
            taken.add(variant.name)


def _numbered(wanted: str, taken: set[str]) -> str:
    name = stem = free_name(wanted, ())
    between = "" if stem[0].isupper() and not stem[-1].isdigit() else "_"  # a class has none
    count = 1
    while name in taken:
        count += 1
        name = f"{stem}{between}{count}"
    return name


def _telling_words(siblings: Sequence[Variant]) -> list[list[str]]:
    """Return as few words for each variant as tell all of them apart."""
    described = [[*_settings(one), *_layout(one)] for one in siblings]
    _tell_apart(siblings, described, _more_layers)
    _tell_apart(siblings, described, _other_layers)
    for word in dict.fromkeys(word for words in reversed(described) for word in reversed(words)):
        shorter = [[kept for kept in words if kept != word] for words in described]
        if len(set(map(tuple, shorter))) == len(set(map(tuple, described))):
            described = shorter
    return described


def _tell_apart(
    siblings: Sequence[Variant],
    described: Sequence[list[str]],
    telling: Callable[[Variant, Variant], list[str]],
) -> None:
    """Add words that tell each variant from the plainest of those described alike."""
    alike: dict[tuple[str, ...], list[Variant]] = {}
    for one, words in zip(siblings, described, strict=True):
        alike.setdefault(tuple(words), []).append(one)
    for one, words in zip(siblings, described, strict=True):
        words += telling(one, min(alike[tuple(words)], key=_length))


def _settings(variant: Variant) -> Iterator[str]:
    """Yield words for the flags and choices that all instances set to other than the default."""
    for name, param in variant.model.node.block.params().items():
        values = _values(variant, name)
        if len(values) == 1 and param.default not in values:
            (value,) = values
            if isinstance(value, bool):
                yield name if value else f"no_{name}"
            elif WORD.fullmatch(value):
                yield value


def _layout(variant: Variant) -> Iterator[str]:
    """Yield words for the rank of the tensors, for frozen weights and for names given by hand."""
    layers = [step for one in innermost_first([variant.model]) for step in one.steps]
    layers = [step for step in layers if not step.inner]
    ranks = {rank for step in layers for rank in re.findall(RANK, step.kind)}
    yield from sorted(rank.lower() for rank in ranks)
    if any("trainable" in step.config for step in layers):
        yield "frozen"
    if variant.named_by_hand:
        yield "named"


def _more_layers(variant: Variant, plainest: Variant) -> list[str]:
    """Return the shortest name among the layers that a plainer variant does not have."""
    plain = {step.local for step in plainest.model.steps}
    more = [step for step in variant.model.steps if step.local not in plain and step.kind != ALSO]
    telling = [step for step in more if not step.kind.startswith(BESIDE)] or more
    return [min((len(step.word), step.word) for step in telling)[1]] if more else []


def _other_layers(variant: Variant, plainest: Variant) -> list[str]:
    """Return how the first layer that is another one than in a plainer variant differs.

    That is a word of its class, or an argument that it has and the other has not.
    """
    for one, other in zip(variant.model.steps, plainest.model.steps, strict=False):
        words = [word for word in WORDS.findall(one.kind) if word not in other.kind]
        more = one.config.keys() - other.config.keys() - defaults_of(one.kind).keys()
        found = [word.lower() for word in words] + sorted(filter(WORD.fullmatch, more))
        if found:
            return found[:1]
    return []


def _length(variant: Variant) -> tuple[int, int]:
    """Measure how much there is to read in a variant."""
    steps = variant.model.steps
    return len(steps), sum(len(step.kind) for step in steps)


def _values(variant: Variant, name: str) -> set[Any]:
    return {value for one in variant.instances if isinstance(value := one.values[name], bool | str)}
