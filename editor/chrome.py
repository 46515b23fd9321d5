"""What stands around every page: the navigation and the room the page gets."""

from pathlib import Path
from typing import Any

import streamlit as st

PAGES = Path(__file__).parent / "pages"
ICON = Path(__file__).parent / "icon.svg"  # a Material icon would be fetched from Google
LISTED = (
    ("design", "Design", ":material/account_tree:"),
    ("library", "Library", ":material/grid_view:"),
    ("compare", "Compare", ":material/compare_arrows:"),
    ("train", "Train", ":material/model_training:"),
)

# The editor fills the window, so the page keeps no empty band around it.
STYLE = """<style>
.stMainBlockContainer { padding: 3.25rem 1rem 2rem; max-width: none; }
.stMainBlockContainer > .stVerticalBlock { gap: 0.75rem; }
[data-testid="stHeader"] { height: 3rem; min-height: 3rem; }
[data-stale="true"] { opacity: 1; }
.stHtml dl.totals { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; }
.stHtml dl.totals { margin: 0; padding: 0; font-size: 0.875rem; }
.totals div { display: flex; gap: 0.5rem; align-items: baseline; }
.totals dt { opacity: 0.75; font-weight: 400; }
.totals dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
</style>"""


def pages() -> list[Any]:
    """Return the pages there are, the Design page first."""
    return [
        st.Page(PAGES / f"{name}.py", title=title, icon=icon, default=name == "design")
        for name, title, icon in LISTED
        if (PAGES / f"{name}.py").exists()
    ]
