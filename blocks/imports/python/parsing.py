"""From the bytes of a file to a syntax tree, past everything that could hurt the parser."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from blocks.errors import ReadError

MAX_BYTES = 2_000_000
MAX_BRACKETS = 30
MAX_INDENT = 10
MAX_PARTS = 300
"""Tokens between two commas or line ends, so that no operators can stand in each other deeper."""
MAX_NUMBER = 30
MAX_STRING = 5_000
MAX_FORMATTED = 500
"""Characters of an f-string, in which expressions stand."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises:
        ReadError: it is too long, or no UTF-8 text.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(f"a Python file may have {MAX_BYTES:,} bytes, got {size:,}")
        return path.read_bytes()[: MAX_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReadError("a Python file is UTF-8 text, got other bytes") from None
    except OSError as error:
        raise ReadError(f"the file cannot be read: {error.strerror}") from None


def module_of(text: str) -> ast.Module:
    """Return the syntax tree of a text.

    Raises:
        ReadError: it is no Python code, or nested too deep.
    """
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ReadError(f"line {line}: a Python file has no control characters, got {found[0]!a}")
    try:
        _measure(text)
        return ast.parse(text)
    except SyntaxError as error:
        raise ReadError(
            f"line {error.lineno or 1}: this is not Python code ({error.msg:.80})"
        ) from None
    except tokenize.TokenError as error:
        words, (line, _) = error.args
        raise ReadError(f"line {line}: this is not Python code ({words:.80})") from None
    except (ValueError, RecursionError, MemoryError):
        raise ReadError("the file is not Python code that can be read") from None


def _measure(text: str) -> None:
    """Hold every statement to limits, before the parser sees it.

    Raises:
        ReadError: naming the line and the limit.
    """
    parts, indent = [0], 0
    for token in _tokens(text):
        line = token.start[0]
        if token.type == tokenize.OP and token.string in "([{":
            parts.append(0)
        elif token.type == tokenize.OP and token.string in ")]}":
            parts = parts[:-1] or [0]
        elif token.type == tokenize.NEWLINE or token.string == ",":
            parts[-1] = 0
        elif token.type == tokenize.INDENT:
            indent += 1
        elif token.type == tokenize.DEDENT:
            indent -= 1
        parts[-1] += 1
        _hold(line, "brackets stand {} deep in each other", MAX_BRACKETS, len(parts) - 1)
        _hold(line, "a line is indented by {} steps", MAX_INDENT, indent)
        _hold(line, "an expression has {} words and signs", MAX_PARTS, parts[-1])
        if token.type == tokenize.NUMBER:
            _hold(line, "a number has {} digits", MAX_NUMBER, len(token.string))
        if token.type == tokenize.STRING:
            formatted = "f" in token.string[:3].lower()
            limit = MAX_FORMATTED if formatted else MAX_STRING
            _hold(line, "a text has {} characters", limit, len(token.string))


def _hold(line: int, rule: str, limit: int, found: int) -> None:
    """Hold one number to its limit.

    Raises:
        ReadError: it is past it.
    """
    if found > limit:
        raise ReadError(f"line {line}: {rule.format(f'at most {limit:,}')}, got {found:,}")


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(text).readline)
