"""The reference networks as cards: picture, numbers, idea and source; one click opens one."""

import base64
from collections.abc import Sequence
from functools import cache
from html import escape

import streamlit as st

from blocks import Template, analyze, templates, thumbnail
from editor.panels import opening
from editor.session import Session

STYLE = """<style>
.st-key-gallery { display: grid; gap: 1rem; align-items: stretch;
  grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); }
.st-key-gallery > * { width: auto !important; min-width: 0; }
[class*="st-key-card-"] { gap: 0.75rem; justify-content: space-between;
  transition: border-color 120ms, box-shadow 120ms; }
[class*="st-key-card-"]:hover { border-color: color-mix(in srgb, currentcolor 40%, transparent);
  box-shadow: 0 4px 16px rgb(15 23 42 / 10%); }
.card img { display: block; width: 100%; height: 6rem; object-fit: contain; padding: 0.25rem;
  margin-bottom: 0.75rem; border-radius: 0.375rem;
  background: color-mix(in srgb, currentcolor 4%, transparent); }
.card h3 { margin: 0 0 0.125rem; padding: 0; font-size: 1rem; font-weight: 600; line-height: 1.4; }
.card p { margin: 0; font-size: 0.875rem; line-height: 1.45; }
.card .numbers { margin-bottom: 0.5rem; font-variant-numeric: tabular-nums; opacity: 0.75; }
.card .source { margin-top: 0.5rem; font-size: 0.8125rem; opacity: 0.75; }
.card .blank { height: 6rem; margin-bottom: 0.75rem; display: grid; place-items: center;
  border-radius: 0.375rem; font-size: 0.8125rem;
  background: color-mix(in srgb, currentcolor 4%, transparent); }
.card .tag { display: inline-block; margin: 0.375rem 0.375rem 0 0; padding: 0 0.5rem;
  border-radius: 1rem; font-size: 0.75rem; line-height: 1.25rem;
  background: color-mix(in srgb, currentcolor 9%, transparent); }
.card .wrong { font-weight: 600; }
</style>"""


def show(session: Session) -> None:
    """Show the networks that fit the search and the family, and the dialog of the one asked for."""
    st.html(STYLE)
    found = matching(list(templates().values()), *_asked())
    if not found:
        st.caption("No network fits. Try a block, an author, a year, or another family.")
    with st.container(key="gallery"):
        for entry in found:
            _card(session, entry)
    opening.show_dialog(session)


def matching(entries: Sequence[Template], text: str, family: str | None) -> list[Template]:
    """Return the networks of a family in which every word of a text stands somewhere."""
    words = text.lower().split()
    return [
        entry
        for entry in entries
        if family in (None, entry.family) and all(word in _searched(entry.id) for word in words)
    ]


def short(count: int) -> str:
    """Return a count with three digits and its unit: 15.5 G, 417 k."""
    for unit, size in (("T", 10**12), ("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= 0.9995 * size:
            return f"{count / size:.3g} {unit}"
    return str(count)


def _asked() -> tuple[str, str | None]:
    families = list(dict.fromkeys(entry.family for entry in templates().values()))
    with st.container(horizontal=True, vertical_alignment="center"):
        text = st.text_input(
            "Search",
            placeholder="Search by name, block, author, year",
            icon=":material/search:",
            width=320,
            label_visibility="collapsed",
            key="gallery-search",
        )
        family = st.pills("Family", families, label_visibility="collapsed", key="gallery-family")
    return text, family


def _card(session: Session, entry: Template) -> None:
    with st.container(border=True, key=f"card-{entry.id}"):
        st.html(_face(entry.id))
        st.button(
            "Open",
            icon=":material/arrow_forward:",
            width="stretch",
            key=f"open-{entry.id}",
            on_click=opening.ask,
            args=(session, entry.id),
            help=f"Open {entry.title}; its input and classes can be changed first.",
        )


@cache
def _face(template_id: str) -> str:
    """Return a card without its button, as HTML."""
    entry = templates()[template_id]
    report = analyze(entry.design())
    return (
        f'<div class="card">{picture(thumbnail(entry.design(), report))}'
        f"<h3>{escape(entry.title)}</h3>"
        f'<p class="numbers">{report.total:,} parameters · {short(report.macs)} MACs</p>'
        f"<p>{escape(entry.summary)}</p>"
        f'<p class="source">{escape(entry.source)}</p></div>'
    )


def picture(svg: str) -> str:
    """Return a drawing as an HTML image; the page strips drawings that stand in it as they are."""
    return f'<img alt="" src="{as_data(svg)}">'


def as_data(svg: str) -> str:
    """Return a drawing as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


@cache
def _searched(template_id: str) -> str:
    """Return the words in which a network can be found, its kinds of blocks among them."""
    entry = templates()[template_id]
    blocks = [node.block for node in entry.design().nodes.values()]
    kinds = {f"{block.title} {block.type_name}" for block in blocks}
    words = (entry.id, entry.title, entry.source, entry.summary, entry.family, *sorted(kinds))
    return " ".join(words).lower()
