"""Which designs are compared: the person's own, earlier versions of them, and the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from blocks import BlockwrightError, templates
from editor.comparing import Compared
from editor.session import Session
from editor.words import literal

COMPARE_PAGE = "editor/pages/compare.py"
ADDRESS, CHOICE = "designs", "compare/choice"
FEWEST, MOST = 2, 6
TEMPLATE = " (template)"
READY = (("plain34", "resnet34"), ("resnet50", "resnet152"))


def choose(session: Session) -> list[Compared]:
    """Show the choice and return the designs, in the order in which they were chosen."""
    asked = refs_in(st.query_params.get(ADDRESS, ""))
    session.preset(CHOICE, asked)  # the address decides: a link, a reload, the browser's Back
    names = _names(session, asked)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Designs to compare",
            list(names),
            format_func=lambda ref: names.get(ref, ref),
            key=CHOICE,
            on_change=_chosen,
            max_selections=MOST,
            placeholder="Search your designs and the templates; choose two to six",
        )
        with st.popover("Earlier version", icon=":material/history:", width="content"):
            _earlier(session, chosen, names)
    if chosen:
        session.remember("compared last", list(chosen))
    found = [one for ref in chosen if (one := _found(session, ref, names[ref]))]
    return _told_apart(found)


def go(refs: Sequence[str]) -> None:
    """Put designs into the address, so that a reload and a link bring them back."""
    text = ",".join(refs)
    if text:
        st.query_params[ADDRESS] = text
    elif ADDRESS in st.query_params:
        del st.query_params[ADDRESS]


def _chosen() -> None:
    go(Session().chosen(CHOICE) or [])


def beside(session: Session) -> dict[str, str]:
    """Return the address of a comparison that begins with the open design and its template."""
    origin = session.origin
    return {ADDRESS: f"{origin.id},{session.design_id}" if origin else session.design_id}


def refs_in(address: str) -> list[str]:
    """Return what an address asks for; each once, no more than six."""
    refs = [ref.strip()[:80] for ref in address.split(",") if ref.strip()]
    return list(dict.fromkeys(refs))[:MOST]


def show_empty(session: Session, found: Sequence[Compared]) -> None:
    """Say what to do, and offer pairs to begin with."""
    words = "Choose one more design above." if found else "Choose two to six designs above."
    st.markdown(f"#### {words}")
    st.caption("Their totals, stages and blocks then stand side by side. Or begin with a pair:")
    last = session.recall("compared last") or []
    offered = [list(pair) for pair in READY]
    offered += [last] if len(last) >= FEWEST and last not in offered and not found else []
    with st.container(horizontal=True):
        for refs in offered:
            names = _names(session, refs)
            label = " and ".join(literal(names[ref].removesuffix(TEMPLATE)) for ref in refs)
            st.button(label, key=f"ready-{'-'.join(refs)}", on_click=go, args=(refs,))


def _names(session: Session, asked: Sequence[str]) -> dict[str, str]:
    """Return what can be chosen: own designs first, then templates, then what a link asks for."""
    own = session.library.designs(session.owner)
    names = {entry.id: entry.name for entry in own}
    names |= {entry.id: entry.title + TEMPLATE for entry in templates().values()}
    for ref in asked:
        if ref not in names:
            design, _, revision = ref.partition("@")
            name = names.get(design, "unknown design")
            names[ref] = f"{name}, revision {revision}" if revision else name
    return _numbered(names)


def _numbered(names: dict[str, str]) -> dict[str, str]:
    """Return names with numbers where several are the same: the field knows options by them."""
    counts: dict[str, int] = {}
    found: dict[str, str] = {}
    for ref, name in names.items():
        free = name
        while free in counts:
            counts[name] += 1
            free = f"{name} ({counts[name]})"
        counts[free] = 1
        found[ref] = free
    return found


def _found(session: Session, ref: str, name: str) -> Compared | None:
    """Return a design by what stands for it in the address; where there is none, say so."""
    entry = templates().get(ref)
    if entry:
        view = session.view_as(f"template/{ref}", 0, entry.design())
        return Compared(ref, entry.title, view)
    design_id, _, text = ref.partition("@")
    try:
        stored = session.library.open(design_id, session.owner)
        if not text:
            view = session.view_of(stored)
            return Compared(ref, name, view, design_id, stored.revision, latest=True)
        revision = int(text) if text.isdecimal() and len(text) < 10 else -1
        design = session.library.at(design_id, session.owner, revision)
    except BlockwrightError as error:
        st.warning(literal(f"{str(error)[0].upper()}{str(error)[1:]}."))
        return None
    view = session.view_as(design_id, revision, design)
    return Compared(ref, f"{design.name}, revision {revision}", view, design_id, revision)


def _told_apart(found: list[Compared]) -> list[Compared]:
    """Give designs of one label numbers, so that the charts can tell them apart."""
    labels = _numbered({one.ref: one.label for one in found})
    return [replace(one, label=labels[one.ref]) for one in found]


def _earlier(session: Session, chosen: Sequence[str], names: Mapping[str, str]) -> None:
    """Offer the earlier versions of the person's own designs."""
    entries = [entry for entry in session.library.designs(session.owner) if entry.revision]
    if not entries:
        st.caption("Your designs have no earlier versions yet: every edit makes one.")
        return
    entry = st.selectbox(
        "Design", entries, format_func=lambda entry: names[entry.id], key="compare/earlier"
    )
    steps = session.library.versions.steps(entry.id, session.owner)
    step = st.selectbox(
        "Version",
        [step for step in steps if step.revision != entry.revision],
        format_func=lambda step: f"{step.revision}: {step.name or step.label}",
        key=f"compare/earlier/{entry.id}/{entry.revision}",
    )
    full = len(chosen) >= MOST
    if step is not None:
        st.button(
            "Add to the comparison",
            disabled=full,
            help="Six designs are the most." if full else None,
            on_click=go,
            args=([*chosen, f"{entry.id}@{step.revision}"],),
        )
