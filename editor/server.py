"""What all tabs of a server share: the library, the watch over it, the views."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from blocks import sweep, sweep_runs, sweep_weights
from editor.people import LOCAL as LOCAL
from editor.people import quota
from editor.starts import template_entries
from editor.store import Library
from editor.tabs import Tabs, watched
from editor.view import Views

T = TypeVar("T")


def once(make: Callable[[Path], T]) -> Callable[[Path], T]:
    """Make something once for the file of a library, and keep it as long as the server lives.

    Streamlit's own cache is emptied by any browser that asks for it, and each time there would be
    one connection to the file and one watching thread more.
    """
    made: dict[Path, T] = {}
    lock = threading.Lock()

    @wraps(make)
    def kept(path: Path) -> T:
        with lock:
            if path not in made:
                made[path] = make(path)
            return made[path]

    return kept


@once
def library(path: Path) -> Library:
    """Return the library in a file, opened and swept once."""
    sweep(path.parent, deep=True)
    limits = quota()
    opened = Library(path, most_designs=limits.designs if limits else None)
    with suppress(OSError):  # what cannot be swept now is swept another time
        sweep_runs()
        sweep_weights(opened.names_weights)
    return opened


@once
def tabs(path: Path) -> Tabs:
    """Return what knows which tab shows which design of a library."""
    return watched(library(path).revisions)


@once
def views(path: Path) -> Views:
    """Return the views that the tabs have in common."""
    return Views()


@st.cache_resource(show_spinner=False)
def template_list() -> list[dict[str, Any]]:
    """Return what the canvas's menu says of the templates."""
    return template_entries()
