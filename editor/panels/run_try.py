"""Trying a trained network: its figures on a part of the data, and what it says of one sample."""

import tempfile
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from blocks import Answer, BlockwrightError, Evaluation, Run, analyze, ask, evaluate
from editor.panels.run_classes import INK, TILE, confusion, names, picture
from editor.session import Session
from editor.words import literal

MAX_UPLOAD_MB = 64
MOST_SHOWN = 10
SOURCES = ("From the data", "A file of my own")


def show(session: Session, run: Run) -> None:
    """Show the judging and the asking of a run that has ended."""
    best = False
    if run.best_epoch:
        best = st.toggle(
            f"Weights of the best epoch ({run.best_epoch})",
            value=True,
            key=f"try-best-{run.id}",
            help="Without it, the weights after the last step.",
        )
    judging, asking = st.columns([1, 1.3], gap="large")
    with judging:
        _judge(session, run, best)
    with asking:
        _ask(session, run, best)
    answer: Answer | None = session.recall(f"try/answer/{run.id}")
    if answer and answer.values is not None:
        show_inside(answer)


def _judge(session: Session, run: Run, best: bool) -> None:
    st.markdown("**Judge**")
    part = st.segmented_control(
        "On which samples",
        ["validation", "test"],
        default="validation",
        required=True,
        key=f"try-part-{run.id}",
        help="Test samples are those that no training and no choice has seen. Data without a test "
        "part get one with Test share, before a run.",
    )
    kept = f"try/judged/{run.id}"
    if st.button("Judge the network", icon=":material/fact_check:", key="judge"):
        try:
            with st.spinner("Judging the network"):
                session.remember(kept, evaluate(run, str(part), best))
        except BlockwrightError as error:
            session.remember(kept, None)
            st.error(literal(str(error)))
    found: Evaluation | None = session.recall(kept)
    if found is None:
        return
    loss, share = st.columns(2)
    loss.metric(f"Loss, {found.part}", f"{found.loss:.4f}")
    share.metric(
        "Accuracy", f"{found.accuracy:.2%}" if found.confusion else f"{found.accuracy:.4f}"
    )
    st.caption(f"Over {found.count:,} samples.")
    if found.confusion:
        labels = names(run, len(found.confusion.counts))
        st.plotly_chart(
            confusion(found.confusion, labels), config={"displayModeBar": False}, key="judged"
        )


def _ask(session: Session, run: Run, best: bool) -> None:
    st.markdown("**Ask**")
    source = st.segmented_control(
        "Sample", SOURCES, default=SOURCES[0], required=True, key=f"try-source-{run.id}"
    )
    question: dict[str, Any] = {"best": best}
    sent = None
    if source == SOURCES[0]:
        number = st.number_input("Validation sample", min_value=1, key=f"try-row-{run.id}")
        question["row"] = int(number) - 1
    else:
        sent = st.file_uploader(
            "Picture, or text file with a signal",
            type=["png", "jpg", "jpeg", "bmp", "webp", "txt", "csv"],
            max_upload_size=MAX_UPLOAD_MB,
            key=f"try-file-{run.id}",
        )
        question["invert"] = st.toggle("Invert a picture's brightness", key=f"try-invert-{run.id}")
    question["layer"] = _layer(run)
    ready = source == SOURCES[0] or sent is not None
    kept = f"try/answer/{run.id}"
    if st.button(
        "Ask the network", icon=":material/psychology:", disabled=not ready, key="ask-network"
    ):
        try:
            with st.spinner("Asking the network"):
                session.remember(kept, _asked(run, question, sent))
        except BlockwrightError as error:
            session.remember(kept, None)
            st.error(literal(str(error)))
    answer: Answer | None = session.recall(kept)
    if answer:
        _show_answer(run, answer)


def _layer(run: Run) -> str:
    """Show the choice of a layer to look into; "" for none."""
    layers = [layer for layer in analyze(run.design).layers if len(layer.shape) > 1]
    found = st.selectbox(
        "Look into",
        ["", *(layer.name for layer in layers if layer.kind != "InputLayer")],
        format_func=lambda name: name or "nothing",
        key=f"try-layer-{run.id}",
        help="The feature maps that leave a layer, and its filters.",
    )
    return str(found)


def _asked(run: Run, question: dict[str, Any], sent: Any) -> Answer:
    if sent is None:
        return ask(run, **question)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample"
        path.write_bytes(sent.getvalue())
        return ask(run, file=path, **question)


def _show_answer(run: Run, answer: Answer) -> None:
    labels = names(run, len(answer.probabilities))
    left, right = st.columns([1, 2], vertical_alignment="center")
    with left:
        st.image(picture(answer.sample), width=TILE)
        if answer.label is not None and answer.label < len(labels):
            st.caption(literal(f"It is {labels[answer.label]}."))
    right.plotly_chart(
        bars(answer, labels),
        config={"displayModeBar": False},
        key="answer",
        alt=said(answer, labels),
    )


def bars(answer: Answer, labels: list[str]) -> Any:
    """Return the most likely classes as bars, the likeliest on top."""
    from plotly.graph_objects import Bar, Figure

    top = ranked(answer)
    figure = Figure(
        Bar(
            x=[answer.probabilities[place] for place in top],
            y=[escape(labels[place]) for place in top],
            text=[f"{answer.probabilities[place]:.1%}" for place in top],
            orientation="h",
            marker={"color": INK},
            hoverinfo="skip",
        )
    )
    figure.update_layout(
        height=60 + 26 * len(top),
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        xaxis={"visible": False, "range": [0, 1.15]},
        yaxis={"type": "category", "autorange": "reversed"},
    )
    return figure


def ranked(answer: Answer) -> list[int]:
    """Return the likeliest classes, the first of equal ones first."""
    order = sorted(range(len(answer.probabilities)), key=lambda n: -answer.probabilities[n])
    return order[:MOST_SHOWN]


def said(answer: Answer, labels: list[str]) -> str:
    """Return what the network says, in words."""
    first = ranked(answer)[0]
    return f"The network says {labels[first]}, {answer.probabilities[first]:.1%} sure"


def show_inside(answer: Answer) -> None:
    """Show the values that leave a layer, channel by channel, and its filters."""
    values = answer.values
    st.markdown("**Feature maps**: what leaves the layer, each channel from dark to bright.")
    assert values is not None
    st.image(tiles([values[..., channel] for channel in range(values.shape[-1])]))
    if answer.kernels is not None:
        st.markdown("**Filters** of the layer, the mean over what they read.")
        st.image(tiles([kernel.mean(axis=-1) for kernel in answer.kernels]))


def tiles(maps: list[Any], across: int = 16) -> Any:
    """Return maps (height, width) or lines (length,) as one picture, each in its own brightness."""
    import numpy as np

    shown = []
    for one in maps:
        flat = np.atleast_2d(np.asarray(one, np.float32))
        low, high = float(flat.min()), float(flat.max())
        times = max(1, 56 // max(flat.shape))
        grown = ((flat - low) / ((high - low) or 1.0)).repeat(times, axis=0).repeat(times, axis=1)
        tall = max(1, 12 // grown.shape[0])
        shown.append(np.pad(grown.repeat(tall, axis=0), 2, constant_values=0.5))
    across = min(across, len(shown)) if shown[0].shape[1] < 200 else 1
    shown += [np.full_like(shown[0], 0.5)] * (-len(shown) % across)
    rows = [np.concatenate(shown[n : n + across], axis=1) for n in range(0, len(shown), across)]
    return (np.concatenate(rows) * 255).astype(np.uint8)
