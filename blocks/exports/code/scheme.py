"""Names given by hand that follow one scheme: res2a_branch2a, res2b_branch2a, ..."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from blocks.exports.code.pattern import Instance

PLAIN = re.compile(r"[\w./-]+", re.ASCII)
"""What stands in an f-string as it is."""


@dataclass(frozen=True)
class Scheme:
    """How the names of a block's layers are made from one word.

    `around` gives what stands before and after the word by a layer's place in the block, `words`
    the word of each instance.
    """

    around: Mapping[str, tuple[str, str]]
    words: tuple[str, ...]


def scheme_of(instances: Sequence[Instance]) -> Scheme | None:
    """Return the scheme that the names of several instances follow, layer by layer, if any."""
    rows = [names_of(one) for one in instances]
    loops = any(roll.turns > 1 for one in instances for roll in one.rolls)
    if len(rows) < 2 or loops or any(row.keys() != rows[0].keys() for row in rows):
        return None
    if not all(PLAIN.fullmatch(name) for row in rows for name in row.values()):
        return None
    around, found = {}, set()
    for key in rows[0]:
        before, words, after = parted([row[key] for row in rows])
        around[key] = before, after
        found.add(words)
    (words, *others) = found
    if others or "" in words or len(set(words)) < len(words):
        return None
    return _with_whole_words(Scheme(around, words))


def _with_whole_words(scheme: Scheme) -> Scheme:
    """Return the scheme whose words take in what follows them without a break: 2a, not 2."""
    tails = {"".join(takewhile(str.isalnum, after)) for _, after in scheme.around.values()}
    if len(tails) > 1:
        return scheme
    tail = tails.pop()
    around = {key: (one, after[len(tail) :]) for key, (one, after) in scheme.around.items()}
    return Scheme(around, tuple(word + tail for word in scheme.words))


def names_of(one: Instance) -> dict[str, str]:
    """Return the names of a block's layers by their places in it."""
    return {
        key: name
        for index, step in enumerate(one.steps)
        for key, name in zip(one.keys_of(index), step.names, strict=True)
    }


def parted(texts: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
    """Return what texts begin with, what differs, and what they end with."""
    before = _beginning(texts)
    rest = [text[len(before) :] for text in texts]
    after = _beginning([text[::-1] for text in rest])[::-1]
    return before, tuple(text[: len(text) - len(after)] for text in rest), after


def _beginning(texts: Sequence[str]) -> str:
    pairs = zip(min(texts), max(texts), strict=False)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def loop_over(words: Sequence[str]) -> tuple[str, str] | None:
    """Return the head of a loop and the text of its turn's word, where a person would write one.

    Letters are taken one by one, numbers counted.
    """
    before, parts, after = parted(words)
    if all(part.isdecimal() or not part for part in parts):
        stem = before.rstrip("0123456789")
        before, parts = stem, tuple(before[len(stem) :] + part for part in parts)
        numbers = [int(part) for part in parts if part]
        count = range(min(numbers), min(numbers) + len(parts)) if numbers else range(0)
        if [str(number) for number in count] == list(parts):
            return f"for i in range({count.start}, {count.stop})", f"{before}{{i}}{after}"
    if all(len(part) == 1 for part in parts):
        return f'for letter in "{"".join(parts)}"', f"{before}{{letter}}{after}"
    return None
