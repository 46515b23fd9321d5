"""Breaking long statements over lines as formatters do, and the arguments people leave out."""

from collections.abc import Iterator, Sequence

from blocks.exports.code.text import INDENT, WIDTH

CLOSING = {"(": ")", "[": "]"}

BY_PLACE = (
    "in_channels",
    "out_channels",
    "in_features",
    "out_features",
    "num_features",
    "num_groups",
    "num_channels",
    "num_parameters",
    "normalized_shape",
    "kernel_size",
    "amount",
    "p",
)
USUAL = {
    "padding": "0",
    "output_padding": "0",
    "dilation": "1",
    "groups": "1",
    "depth_multiplier": "1",
    "bias": "True",
    "affine": "True",
    "elementwise_affine": "True",
    "mode": '"nearest"',
}


def made(module: str, config: Sequence[tuple[str, str]]) -> str:
    """Return the call that makes a submodule, without the arguments that PyTorch assumes."""
    usual = {**USUAL, "stride": "None" if "Pool" in module else "1"}
    if "ZeroPad" in module:
        return f"{module}({config[0][1]})"
    given = [(key, text) for key, text in config if usual.get(key) != text]
    words = [text if key in BY_PLACE else f"{key}={text}" for key, text in given]
    return f"{module}({', '.join(words)})"


def laid_out(text: str, depth: int, width: int = WIDTH) -> str:
    """Return a statement, indented, with its brackets opened where it is too long for a line."""
    if text.endswith(":"):
        return f"{laid_out(text[:-1], depth, width - 1)}:"
    indent, inner = INDENT * depth, INDENT * (depth + 1)
    bracket = _last_bracket(text)
    if len(indent + text) <= width or bracket is None:
        return indent + text
    start, content, end = bracket
    if len(inner + content) <= WIDTH:
        return f"{indent}{start}\n{inner}{content}\n{indent}{end}"
    element, _, clause = content.partition(" for ")
    items = list(_items(content))
    if clause and len(items) == 1 and not content.startswith("*"):
        rows = f"{laid_out(element, depth + 1)}\n{inner}for {clause}\n"
    else:
        comma = "," if len(items) > 1 else ""
        fits = WIDTH - len(comma)
        rows = "".join(f"{laid_out(item, depth + 1, fits)}{comma}\n" for item in items)
    return f"{indent}{start}\n{rows}{indent}{end}"


def _last_bracket(text: str) -> tuple[str, str, str] | None:
    """Return what stands before, in and after the bracket that ends a text."""
    opened: list[int] = []
    for place, char in _outside_strings(text):
        if char in CLOSING:
            opened.append(place)
        elif char in CLOSING.values():
            start = opened.pop()
            if not opened and place == len(text) - 1 and place > start + 1:
                return text[: start + 1], text[start + 1 : -1], char
    return None


def _items(content: str) -> Iterator[str]:
    """Yield what commas part outside brackets."""
    depth = start = 0
    for place, char in _outside_strings(content):
        depth += (char in CLOSING) - (char in CLOSING.values())
        if char == "," and not depth:
            yield content[start:place].strip()
            start = place + 1
    yield content[start:].strip()


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    quoted = False
    for place, char in enumerate(text):
        quoted ^= char == '"'
        if not quoted:
            yield place, char
