"""The designs of a person as cards: find one, open it, and see what else can be done with it."""

import time
from collections.abc import Sequence
from html import escape

import streamlit as st

from blocks import thumbnail
from editor.panels import design_menu
from editor.panels.gallery import STYLE, picture, short
from editor.panels.uploads import DESIGN_PAGE
from editor.session import Session
from editor.shelf import Entry
from editor.view import View
from editor.words import explained, literal

AT_ONCE = 24
ORDERS = {
    "Last edited": lambda entry: -entry.updated,
    "Newest": lambda entry: -entry.created,
    "Name": lambda entry: entry.name.casefold(),
}


def show(session: Session) -> None:
    """Show the designs that fit the search, then those that were deleted."""
    st.html(STYLE)
    _offer_return(session)
    entries = session.library.designs(session.owner)
    if entries:
        _shelf(session, entries)
    else:
        st.info(
            "No designs yet. Begin with an empty one, with a template, or bring a file.",
            icon=":material/grid_view:",
        )
    _deleted(session)
    design_menu.show_dialog(session)


def _shelf(session: Session, entries: list[Entry]) -> None:
    text, tags, order = _asked(entries)
    found = sorted(matching(entries, text, tags), key=ORDERS[order])
    if not found:
        st.caption("No design fits. Search for a part of its name or a tag, or take a tag away.")
    shown = session.recall("designs shown") or AT_ONCE
    with st.container(key="gallery"):
        for entry in found[:shown]:
            _card(session, entry)
    if len(found) > shown:
        st.button(
            f"Show more ({len(found) - shown:,})",
            icon=":material/expand_more:",
            on_click=session.remember,
            args=("designs shown", shown + AT_ONCE),
        )


def matching(entries: Sequence[Entry], text: str, tags: Sequence[str]) -> list[Entry]:
    """Return the designs that have all the tags, and every word of a text in name or tags."""
    words = text.casefold().split()
    return [
        entry
        for entry in entries
        if set(tags) <= set(entry.tags)
        and all(word in " ".join((entry.name, *entry.tags)).casefold() for word in words)
    ]


def _asked(entries: Sequence[Entry]) -> tuple[str, list[str], str]:
    """Show search, order and tags; return what was asked for."""
    known = sorted({tag for entry in entries for tag in entry.tags})
    with st.container(horizontal=True, vertical_alignment="center"):
        text = st.text_input(
            "Search",
            placeholder="Search by name or tag",
            icon=":material/search:",
            width=320,
            label_visibility="collapsed",
            key="designs-search",
        )
        order = st.selectbox(
            "Order", list(ORDERS), width=160, label_visibility="collapsed", key="designs-order"
        )
        tags = (
            st.pills(
                "Tags",
                known,
                selection_mode="multi",
                format_func=literal,
                label_visibility="collapsed",
                key="designs-tags",
            )
            if known
            else []
        )
    return text, list(tags), order


def _card(session: Session, entry: Entry) -> None:
    with st.container(border=True, key=f"card-{entry.id}"):
        st.html(_face(session, entry))
        with st.container(horizontal=True):
            if st.button(
                "Open",
                icon=":material/arrow_forward:",
                width="stretch",
                key=f"open-{entry.id}",
                help=f"Open {literal(entry.name)}",
            ):
                session.show(entry.id)
                st.switch_page(DESIGN_PAGE)
            st.button(
                "More",
                icon=":material/more_horiz:",
                key=f"more-{entry.id}",
                help=f"Rename, tag, duplicate, download or delete {literal(entry.name)}",
                on_click=design_menu.ask,
                args=(session, entry.id),
            )


def _face(session: Session, entry: Entry) -> str:
    """Return a card without its buttons, as HTML; its drawing is made once for a revision."""
    drawing, numbers = _drawn(entry.id, entry.revision, session)
    tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in entry.tags)
    return (
        f'<div class="card">{drawing}<h3>{escape(entry.name[:80])}</h3>'
        f'<p class="numbers">{numbers}</p>'
        f'<p class="source">Edited {ago(time.time() - entry.updated)} · revision {entry.revision}'
        f"</p>{f'<p>{tags}</p>' if tags else ''}</div>"
    )


@st.cache_resource(show_spinner=False, max_entries=1_000)
def _drawn(design_id: str, revision: int, _session: Session) -> tuple[str, str]:
    """Return the picture and the numbers of a design at a revision, as HTML."""
    view = View(_session.library.at(design_id, _session.owner, revision))
    report = view.report
    if not view.design.nodes:
        return '<div class="blank">Nothing drawn yet</div>', "empty"
    words = f"{report.total:,} parameters · {short(report.macs)} MACs"
    if report.errors:
        words += f' · <span class="wrong">{len(report.errors)} to mend</span>'
    return picture(thumbnail(view.design, report)), words


def ago(seconds: float) -> str:
    """Return how long ago something was, as people say it: just now, 5 min ago, 3 days ago."""
    minutes = max(0, round(seconds)) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return f"{days} day{'s' * (days > 1)} ago"


def _offer_return(session: Session) -> None:
    """Offer to take the last deletion back."""
    entry = session.recall("deleted")
    if not isinstance(entry, Entry):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Deleted {literal(entry.name)}.")
        if st.button("Undo", icon=":material/undo:"):
            session.library.restore(entry.id, session.owner)
            session.remember("deleted", None)
            st.rerun()


def _deleted(session: Session) -> None:
    """Show the deleted designs and the ways back, or out for good."""
    entries = session.library.deleted(session.owner)
    if not entries:
        return
    with st.expander(f"Deleted ({len(entries):,})", icon=":material/delete:"):
        st.caption("Kept for 30 days with their histories, then removed for good.")
        for entry in entries[:AT_ONCE]:
            with st.container(horizontal=True, vertical_alignment="center"):
                when = ago(time.time() - entry.deleted)
                st.markdown(f"{literal(entry.name)} · deleted {when}", width="stretch")
                st.button(
                    "Restore",
                    icon=":material/undo:",
                    key=f"restore-{entry.id}",
                    on_click=_restore,
                    args=(session, entry),
                )
        with st.popover("Empty now", icon=":material/delete_forever:"):
            st.markdown(f"Remove {len(entries):,} for good? This cannot be undone.")
            st.button("Remove for good", on_click=_empty, args=(session,))


@explained()
def _restore(session: Session, entry: Entry) -> None:
    session.library.restore(entry.id, session.owner)
    session.remember("deleted", None)


@explained()
def _empty(session: Session) -> None:
    session.library.empty(session.owner)
    session.remember("deleted", None)
