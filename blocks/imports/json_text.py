"""JSON texts from anywhere: bounded in size and depth, and strict."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from blocks.errors import ReadError

MAX_BYTES = 5_000_000
MAX_DEPTH = 500


class NotFinite(str):
    """A number that JSON text may spell but no design may hold: NaN, Infinity, 1e999."""


def parse(text: str, what: str = "a design", limit: int = MAX_BYTES) -> Any:
    """Return the JSON value of a text; `what` names it where it is refused.

    Raises:
        ReadError: the text is too long or too deep, is not JSON, repeats a key, or holds broken
            characters. Numbers that are not finite are refused later, by the block they are on.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limit:
        raise ReadError(f"{what} has at most {limit:,} bytes, got {len(text):,} characters")
    if _depth(text) > MAX_DEPTH:
        raise ReadError(f"{what} is nested at most {MAX_DEPTH} deep, got more")
    try:
        return json.loads(
            text,
            parse_constant=NotFinite,
            parse_float=_finite,
            parse_int=_integer,
            object_pairs_hook=_object,
        )
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ReadError(f"{what} file is JSON, got something else{where}") from None


def _finite(text: str) -> float | NotFinite:
    value = float(text)
    return value if math.isfinite(value) else NotFinite(text[:40])


def _integer(text: str) -> int | NotFinite:
    return int(text) if len(text) <= 40 else NotFinite(f"a number of {len(text)} digits")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        repeated = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ReadError(f"the key {repeated!a:.60} stands twice in one object")
    return result


def _depth(text: str) -> int:
    """Return how deep brackets nest, strings aside, without recursion."""
    depth = deepest = 0
    for bracket in _brackets(text):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _brackets(text: str) -> Iterator[str]:
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        if match[0] in "[]{}":
            yield match[0]
