"""ImageNet weights for a template that is about to open: asked for, followed, given up."""

from typing import Any, NamedTuple

import streamlit as st

from blocks import BlockwrightError, Job, Report, Template, has_pretrained, start_fetch
from editor.session import Session
from editor.words import literal

FETCHING = "fetching"
POLL_SECONDS = 0.4
CLASSES = 1_000


class Fetching(NamedTuple):
    """Weights on their way, and the template with the values that it opens with then."""

    job: Job
    template_id: str
    values: dict[str, int]


def offer(entry: Template, report: Report) -> bool:
    """Offer the weights where there are some for the template; tell whether they are wanted."""
    if report.errors or not has_pretrained(entry.id):
        return False
    wanted = st.toggle(
        "Fetch ImageNet weights",
        key=f"opening/{entry.id}/weights",
        help="From keras.applications, over the internet. They are kept on this machine, so a "
        "second time is instant.",
    )
    classes = report.graph[report.graph.outputs[0]].shape[-1]
    if wanted and classes != CLASSES:
        st.caption(f"For {classes:,} classes the head starts fresh; all before it comes trained.")
    return wanted


def begin(session: Session, entry: Template, values: dict[str, int]) -> None:
    """Start fetching; the dialog follows it."""
    try:
        job = start_fetch(entry.design(**values), entry.id)
    except BlockwrightError as error:
        st.error(literal(str(error)))
        return
    session.remember(FETCHING, Fetching(job, entry.id, values))
    st.rerun()


def running(session: Session, template_id: str) -> Fetching | None:
    """Return what is being fetched for a template."""
    found: Fetching | None = session.recall(FETCHING)
    return found if found and found.template_id == template_id else None


def follow(fetching: Fetching) -> None:
    """Show how far the fetch is, with a way out, until it is done."""

    @st.fragment(run_every=POLL_SECONDS)
    def shown() -> None:
        if fetching.job.done:
            st.rerun()
        st.progress(fetching.job.progress.fraction, literal(fetching.job.progress.message))
        if st.button("Cancel", key="fetching-cancel"):
            fetching.job.cancel()

    shown()


def outcome(session: Session, fetching: Fetching) -> Any:
    """Return the weights that were fetched; None, and the reason on the page, where not."""
    session.remember(FETCHING, None)
    try:
        return fetching.job.result()
    except BlockwrightError as error:
        sentence = str(error)
        st.error(literal(sentence[0].upper() + sentence[1:]))
        return None


def give_up(session: Session) -> None:
    """Stop what is being fetched."""
    fetching: Fetching | None = session.recall(FETCHING)
    if fetching:
        fetching.job.cancel()
    session.remember(FETCHING, None)
