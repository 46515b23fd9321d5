"""Laying out code: literals, calls and lines of at most 88 characters."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from blocks.exports.code.arguments import in_order

WIDTH = 88
INDENT = "    "


def literal(value: Any) -> str:
    """Return a value as Python writes it, in plain ASCII; words in double quotes."""
    if isinstance(value, str):
        text = ascii(str(value))
        return f'"{text[1:-1]}"' if text[0] == "'" and '"' not in text else text
    if isinstance(value, list | tuple):
        return tuple_text([literal(item) for item in value])
    if value is None or isinstance(value, bool):
        return str(value)
    return repr(int(value) if isinstance(value, int) else float(value))


def config_literal(key: str, value: Any) -> str:
    """Return an entry of a layer's config as code; an object in Keras' own form as its call."""
    if not is_object(value):
        return literal(value)
    given = in_order(value["class_name"], value["config"])
    words = [argument(keyword, config_literal(word, item)) for keyword, word, item in given]
    return object_text(key, value["class_name"], words)


class CallText(str):
    """A call as code that remembers its parts, so that it can be broken over lines."""

    def __new__(cls, start: str, arguments: Sequence[str]) -> "CallText":
        made = super().__new__(cls, f"{start}({', '.join(arguments)})")
        made.start, made.arguments = start, arguments
        return made

    start: str
    arguments: Sequence[str]

    def after(self, keyword: str) -> "CallText":
        """Return the call as an argument given by keyword."""
        return CallText(f"{keyword}={self.start}", self.arguments)


class ListText(str):
    """A list as code that remembers its items, so that it can be broken over lines."""

    def __new__(cls, items: Sequence[str], start: str = "") -> "ListText":
        made = super().__new__(cls, f"{start}[{', '.join(items)}]")
        made.start, made.items = start, items
        return made

    start: str
    items: Sequence[str]

    def after(self, keyword: str) -> "ListText":
        """Return the list as an argument given by keyword."""
        return ListText(self.items, f"{keyword}={self.start}")


def argument(keyword: str, text: str) -> str:
    """Return an argument as a call has it: by its keyword, or by position where that is empty."""
    if not keyword:
        return text
    return text.after(keyword) if isinstance(text, CallText | ListText) else f"{keyword}={text}"


def is_object(value: Any) -> bool:
    """Tell whether a value describes an object in Keras' form, by class name and config."""
    return isinstance(value, Mapping) and value.keys() == {"class_name", "config"}


def object_text(key: str, class_name: str, words: Sequence[str]) -> str:
    """Return the call that makes the object a config's entry stands for.

    `kernel_initializer` and the like take what is in `keras.initializers`, and so on.
    """
    module = f"{key.rpartition('_')[2]}s"
    return CallText(f"{'' if module == 'layers' else 'keras.'}{module}.{class_name}", words)


def tuple_text(items: Sequence[str]) -> str:
    """Return a tuple of texts as code."""
    return f"({items[0]},)" if len(items) == 1 else f"({', '.join(items)})"


def dictionary(mapping: Mapping[str, str], depth: int) -> str:
    """Return a dictionary of texts as code, one entry to a line, for an argument at a depth."""
    return entries({key: literal(value) for key, value in mapping.items()}, depth)


def entries(codes: Mapping[str, str], depth: int) -> str:
    """Return a dictionary whose values are code already, laid out as `dictionary` does."""
    indent = INDENT * depth
    rows = "".join(f"{indent}{INDENT}{literal(key)}: {code},\n" for key, code in codes.items())
    return f"{{\n{rows}{indent}}}"


def statement(start: str, arguments: Sequence[str], end: str, depth: int) -> str:
    """Return `start(arguments)end` as indented code, broken over lines where it is too long.

    `start` is what stands before the opening bracket, `end` what follows the closing one. Where
    formatters would tear `end` open instead, the arguments get a line each, which they leave.
    """
    indent = INDENT * depth
    line = f"{indent}{start}({', '.join(arguments)}){end}"
    folded = "\n" in line
    if not arguments or (len(line) <= WIDTH and not folded):
        return line
    inner = indent + INDENT
    row = inner + ", ".join(arguments)
    torn = end.startswith("(") and len(f"{indent}{start}({', '.join(arguments)})(") <= WIDTH
    if len(row) <= WIDTH and not folded and not torn:
        return f"{indent}{start}(\n{row}\n{indent}){end}"
    rows = "".join(f"{_row(item, depth + 1)},\n" for item in arguments)
    return f"{indent}{start}(\n{rows}{indent}){end}"


def _row(item: str, depth: int) -> str:
    """Return an argument on a line of its own; a call that is too long for it is broken too."""
    line = f"{INDENT * depth}{item}"
    if isinstance(item, CallText) and len(line) >= WIDTH:
        return statement(item.start, item.arguments, "", depth)
    if isinstance(item, ListText) and len(line) >= WIDTH:
        indent = INDENT * depth
        rows = "".join(f"{indent}{INDENT}{one},\n" for one in item.items)
        return f"{indent}{item.start}[\n{rows}{indent}]"
    return line


def layer_call(start: str, arguments: Sequence[str], inputs: Sequence[str], depth: int) -> str:
    """Return the call of a layer, `start(arguments)(input)`, as indented code.

    Several inputs are a list. The list is what is broken over lines where the layer itself fits
    on one, as in a hand-written `Concatenate`.
    """
    if len(inputs) == 1:
        return statement(start, arguments, f"({inputs[0]})", depth)
    made = f"{start}({', '.join(arguments)})"
    listed = f"[{', '.join(inputs)}]"
    indent = INDENT * depth
    if len(f"{indent}{made}({listed})") <= WIDTH:
        return f"{indent}{made}({listed})"
    if len(f"{indent}{made}(") <= WIDTH:
        row = f"{indent}{INDENT}{listed}"
        if len(row) <= WIDTH:
            return f"{indent}{made}(\n{row}\n{indent})"
        rows = "".join(f"{indent}{INDENT}{item},\n" for item in inputs)
        return f"{indent}{made}([\n{rows}{indent}])"
    return statement(start, arguments, f"({listed})", depth)


def fits_title(title: str, depth: int) -> bool:
    """Tell whether a docstring's title stands on one line."""
    return len(f'{INDENT * depth}"""{title}."""') <= WIDTH


def docstring(title: str, words: str, depth: int) -> str:
    """Return a docstring: a title line, and more words below it where there are any."""
    indent = INDENT * depth
    if not words:
        return f'{indent}"""{title}."""'
    body = textwrap.fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent)
    return f'{indent}"""{title}.\n\n{body}\n{indent}"""'
