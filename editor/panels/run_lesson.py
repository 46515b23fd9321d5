"""The gradient lesson: 50 layers without and with shortcuts, trained one after the other."""

import streamlit as st

from blocks import BlockwrightError, Run, runs, start_run, template
from editor.panels import run_list
from editor.people import owns, require_turn
from editor.session import Session
from editor.words import literal

TAG = "Gradient lesson"
PAIR = {"lesson_plain": "50 plain layers", "lesson_residual": "50 layers with shortcuts"}
EPOCHS = 8


def show(session: Session) -> None:
    """Show what the lesson is about, its button, and what its newest pair of runs has shown."""
    with st.expander("Gradient lesson", icon=":material/water:"):
        st.markdown(
            "Two networks of the same 50 layers learn the digits: one plain, one with shortcuts. "
            "In the plain one hardly any gradient arrives at the first layers. Both take a few "
            "minutes on a processor; watch them under Gradients."
        )
        if st.button("Train both", icon=":material/school:", width="stretch", key="start-lesson"):
            _start(session)
        for run in newest(session):
            st.caption(literal(sentence(run)))


def newest(session: Session) -> list[Run]:
    """Return the newest run of each network of the lesson."""
    mine = [run for run in runs() if run.tag == TAG and owns(session.owner, run)]
    found = {run.design.name: run for run in reversed(mine)}
    return [found[name] for name in PAIR if name in found]


def sentence(run: Run) -> str:
    """Say how far a run of the lesson is and what arrives at its first block."""
    flows, last = run.flows(), run.last_epoch()
    text = f"{PAIR[run.design.name]}: {run.status().state}"
    if last:
        text += f", {last.val_accuracy:.0%} right after epoch {last.epoch}"
    if flows.measured and flows.measured[-1].gradients[-1]:
        gradients = flows.measured[-1].gradients
        text += (
            f"; the first block gets {gradients[0] / gradients[-1]:.1g} times the last's gradient"
        )
    return f"{text}."


def _start(session: Session) -> None:
    started: list[Run] = []
    try:
        for name in PAIR:
            require_turn(session.owner, runs())
            started.append(
                start_run(
                    template(name),
                    "digits",
                    epochs=EPOCHS,
                    watch_gradients=True,
                    owner=session.owner,
                    tag=TAG,
                )
            )
    except BlockwrightError as error:
        st.error(literal(str(error)))
    if started:
        session.remember(run_list.kept(session), started[0].id)
        st.rerun()
