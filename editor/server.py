"""What all tabs of a server share: the library, the watch over it, the views."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from blocks import sweep, sweep_runs, sweep_weights
from editor.people import LOCAL as LOCAL
from editor.people import quota
from editor.starts import template_entries
from editor.store import Library
from editor.tabs import Tabs, watched
from editor.view import Views


@st.cache_resource(show_spinner=False)
def library(path: Path) -> Library:
    """Return the library in a file, opened and swept once."""
    sweep(path.parent, deep=True)
    limits = quota()
    opened = Library(path, most_designs=limits.designs if limits else None)
    with suppress(OSError):  # what cannot be swept now is swept another time
        sweep_runs()
        sweep_weights(opened.names_weights)
    return opened


@st.cache_resource(show_spinner=False)
def tabs(path: Path) -> Tabs:
    """Return what knows which tab shows which design of a library."""
    return watched(library(path).revisions)


@st.cache_resource(show_spinner=False)
def views(path: Path) -> Views:
    """Return the views that the tabs have in common."""
    return Views()


@st.cache_resource(show_spinner=False)
def template_list() -> list[dict[str, Any]]:
    """Return what the canvas's menu says of the templates."""
    return template_entries()
