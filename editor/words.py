"""Words of people and of errors, made fit for the page and for file names."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

import streamlit as st

from blocks import BlockwrightError, DesignError, is_disk_full

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~:$@")


def literal(text: str) -> str:
    """Return a text as Markdown that shows it letter for letter."""
    return "".join(f"\\{char}" if char in MARKDOWN else char for char in text)


def plain(text: str) -> str:
    """Return a text as a chart shows it letter for letter: charts read some of HTML."""
    return escape(text, quote=False)


def as_list(error: DesignError) -> str:
    """Return the problems of a design as a Markdown list."""
    return "\n".join(f"- {literal(str(problem))}" for problem in error.problems)


def file_stem(name: str) -> str:
    """Return a design's name as a file may be called on any system."""
    stem = "".join(char if char.isalnum() or char in "-_ " else "_" for char in name)
    return stem.strip()[:60] or "model"


@contextmanager
def explained() -> Iterator[None]:
    """Show what is refused as its sentence; Streamlit would hide it behind "an error occurred"."""
    try:
        yield
    except BlockwrightError as error:
        st.error(literal(str(error)))
    except OSError as error:
        if is_disk_full(error):
            reason = "The disk is full, so this could not be done; free some space"
        elif error.errno in READ_ONLY:
            reason = "The folder with your work may only be read; allow writing to it"
        else:
            raise
        st.error(f"{reason} and try again.")
