"""What stands around every page: the navigation and the room the page gets."""

from pathlib import Path
from typing import Any

import streamlit as st

from editor.session import Session
from editor.words import literal

PAGES = Path(__file__).parent / "pages"
ICON = Path(__file__).parent / "icon.svg"  # a Material icon would be fetched from Google
LISTED = (
    ("design", "Design", ":material/account_tree:"),
    ("gallery", "Templates", ":material/auto_stories:"),
    ("library", "Library", ":material/grid_view:"),
    ("compare", "Compare", ":material/compare_arrows:"),
    ("train", "Train", ":material/model_training:"),
)

READ_ONLY = (
    "The library may only be read here, so nothing you change is kept. Allow writing to its "
    "file and folder, and all goes on; what was saved before is safe."
)

# The editor fills the window, so the page keeps no empty band around it.
STYLE = """<style>
.stMainBlockContainer { padding: 3.25rem 1rem 2rem; max-width: none; }
.stMainBlockContainer > .stVerticalBlock { gap: 0.75rem; }
[data-testid="stHeader"] { height: 3rem; min-height: 3rem; }
[data-testid="stMain"] { scroll-padding-top: 3.25rem; }
[data-stale="true"] { opacity: 1; }
.stHtml dl.totals { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; }
.stHtml dl.totals { margin: 0; padding: 0; font-size: 0.875rem; }
.totals div { display: flex; gap: 0.5rem; align-items: baseline; }
.totals dt { opacity: 0.75; font-weight: 400; }
.totals dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }

/* Streamlit's own of these have too little contrast to be read by everybody (WCAG AA). */
body [data-testid="stCaptionContainer"] { color: inherit; opacity: 0.75; }
/* Black where the text around it is light, else white: a dialog knows no colour scheme. */
body [data-testid^="stBaseButton-primary"]:not(:disabled),
body [data-testid="stMultiSelect"] [data-tag-index] {
  color: oklch(from currentcolor clamp(0, (0.6 - l) * 1000, 1) 0 0);
}
body [data-testid="stMultiSelect"] [data-tag-index] * { color: inherit; }
/* Streamlit's own Stop ends the drawing of a page; beside the Stop of a run it is a trap. */
body [data-testid="stStatusWidget"] button { display: none; }
/* Start stays in sight, however small the window. */
.st-key-start-training {
  position: sticky;
  z-index: 5;
  bottom: 0;
  padding-block: 0.5rem;
  background: light-dark(#ffffff, #14161d);
}
.stCode .token { color: inherit; }
.stCode :is(.token.comment, .token.punctuation) { color: light-dark(#5b6070, #a3a8b8); }
.stCode .linenumber { color: light-dark(#5b6070, #a3a8b8) !important; opacity: 1 !important; }
.stCode :is(.token.string, .token.triple-quoted-string) { color: light-dark(#116b41, #6ee7a8); }
.stCode :is(.token.keyword, .token.function, .token.class-name) {
  color: light-dark(#0b4f9c, #8ec8ff);
}
.stCode :is(.token.number, .token.boolean) { color: light-dark(#0f6674, #67e8f9); }
.stCode :is(.token.operator, .token.decorator) { color: light-dark(#8f4300, #fdba74); }
</style>"""


def pages() -> list[Any]:
    """Return the pages there are, the Design page first."""
    return [
        st.Page(PAGES / f"{name}.py", title=title, icon=icon, default=name == "design")
        for name, title, icon in LISTED
        if (PAGES / f"{name}.py").exists()
    ]


def show_untold(session: Session) -> None:
    """Say, on a page without a canvas, what there is to say; a corner's note moves nothing."""
    for message in session.take_untold():
        sentence = message[:1].upper() + message[1:]
        st.toast(literal(sentence), icon=":material/info:", duration="long")
