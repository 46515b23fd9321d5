"""Trying a trained network: its figures on a part of the data, and what it says of samples."""

import streamlit as st

from blocks import BlockwrightError, Evaluation, Given, Run, evaluate, make_ready
from editor.panels import run_ask
from editor.panels.run_classes import confusion, names
from editor.session import Session
from editor.words import literal

PARTS = ("validation", "test")
Network = Run | Given


def show(session: Session, network: Network) -> None:
    """Show the judging and the asking of a run that has ended, or of given weights."""
    best = False
    if isinstance(network, Run) and network.best_epoch:
        best = st.toggle(
            f"Weights of the best epoch ({network.best_epoch})",
            value=True,
            key=f"try-best-{network.id}",
            help="Without it, the weights after the last step.",
        )
    if session.recall("try/ready") != network.id:
        session.remember("try/ready", network.id)
        make_ready(network, best)
    judging, asking = st.columns([1, 1.3], gap="large")
    with judging:
        _judge(session, network, best)
    with asking:
        run_ask.show(session, network, best)
    run_ask.show_answer_inside(session, network)


def _judge(session: Session, network: Network, best: bool) -> None:
    st.markdown("**Judge**")
    part = st.segmented_control(
        "On which samples",
        PARTS if isinstance(network, Run) else (*PARTS, "all"),
        default="validation",
        required=True,
        key=f"try-part-{network.id}",
        help="Test samples are those that no training and no choice has seen. Data without a test "
        "part get one with Test share, before a run.",
    )
    kept = f"try/judged/{network.id}"
    if st.button("Judge the network", icon=":material/fact_check:", key="judge"):
        try:
            with st.spinner("Judging the network"):
                session.remember(kept, evaluate(network, str(part), best))
        except BlockwrightError as error:
            session.remember(kept, None)
            st.error(literal(str(error)))
    found: Evaluation | None = session.recall(kept)
    if found:
        _show_judged(network, found)


def _show_judged(network: Network, found: Evaluation) -> None:
    loss, share = st.columns(2)
    loss.metric(f"Loss, {found.part}", f"{found.loss:.4f}")
    share.metric(
        "Accuracy", f"{found.accuracy:.2%}" if found.confusion else f"{found.accuracy:.4f}"
    )
    st.caption(f"Over {found.count:,} samples.")
    if found.confusion:
        labels = names(network, len(found.confusion.counts))
        st.plotly_chart(
            confusion(found.confusion, labels), config={"displayModeBar": False}, key="judged"
        )
