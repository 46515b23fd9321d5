"""Asking a trained network: about a sample of the data, or a file of one's own."""

import base64
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from blocks import Answer, BlockwrightError, Given, Run, analyze, ask, ask_all
from editor.panels.run_classes import INK, TILE, names, picture
from editor.panels.run_inside import show_inside
from editor.session import Session
from editor.words import literal, plain

MAX_UPLOAD_MB = 64
MOST_SHOWN = 10
SOURCES = ("From the data", "A file of my own")
TYPES = ["png", "jpg", "jpeg", "bmp", "webp", "txt", "csv", "npz"]
ROW_HEIGHT, ROWS = 58, 6

Network = Run | Given
Asked = tuple[Any, tuple[Answer, ...], str]
"""What was asked, the answers (to a file of several samples more than one), and why none."""


def show(session: Session, network: Network, best: bool) -> None:
    """Show the choice of a sample and what the network says of it.

    After the first answer each change of the question is answered without another click.
    """
    st.markdown("**Ask**")
    question, sent = _question(network, best)
    mark = None if sent is False else (*sorted(question.items()), sent and sent.file_id)
    kept = f"try/answer/{network.id}"
    before: Asked | None = session.recall(kept)
    pressed = st.button(
        "Ask the network", icon=":material/psychology:", disabled=mark is None, key="ask-network"
    )
    if mark and (pressed or (before and before[0] != mark)):
        session.remember(kept, _answered(network, mark, question, sent))
    found: Asked | None = session.recall(kept)
    if found and found[0] == mark:
        _show_found(network, found)


def show_answer_inside(session: Session, network: Network) -> None:
    """Show what was found inside the network for the last answer, if it was asked for."""
    found: Asked | None = session.recall(f"try/answer/{network.id}")
    if found and found[1] and found[1][0].values is not None:
        show_inside(found[1][0])


def _show_found(network: Network, found: Asked) -> None:
    _, answers, refusal = found
    if refusal:
        st.error(literal(refusal))
    elif len(answers) == 1:
        _show_answer(network, answers[0])
    else:
        _show_many(network, answers)


def _question(network: Network, best: bool) -> tuple[dict[str, Any], Any]:
    """Show the fields; return the question and the file, False where it is yet to be given."""
    source = st.segmented_control(
        "Sample", SOURCES, default=SOURCES[0], required=True, key=f"try-source-{network.id}"
    )
    question: dict[str, Any] = {"best": best}
    sent: Any = None
    if source == SOURCES[0]:
        number = st.number_input("Validation sample", min_value=1, key=f"try-row-{network.id}")
        question["row"] = int(number) - 1
    else:
        sent = st.file_uploader(
            "Picture, text file with a signal, or .npz with several samples",
            type=TYPES,
            max_upload_size=MAX_UPLOAD_MB,
            key=f"try-file-{network.id}",
            help="An .npz holds the samples as x and, where they are known, the classes as y. "
            "Pictures are brought to the size and the values that the network learned from.",
        )
        if sent is not None and sent.name.lower().endswith(".npz"):
            return question, sent
        question["invert"] = st.toggle(
            "Invert a picture's brightness", key=f"try-invert-{network.id}"
        )
    question["layer"] = _layer(network)
    return question, False if source != SOURCES[0] and sent is None else sent


def _layer(network: Network) -> str:
    """Show the choice of a layer to look into; "" for none."""
    layers = [layer for layer in analyze(network.design).layers if len(layer.shape) > 1]
    found = st.selectbox(
        "Look into",
        ["", *(layer.name for layer in layers if layer.kind != "InputLayer")],
        format_func=lambda name: name or "nothing",
        key=f"try-layer-{network.id}",
        help="The feature maps that leave a layer, and its filters.",
    )
    return str(found)


def _answered(network: Network, mark: Any, question: dict[str, Any], sent: Any) -> Asked:
    try:
        with st.spinner("Asking the network"):
            return mark, _asked(network, question, sent), ""
    except BlockwrightError as error:
        return mark, (), str(error)


def _asked(network: Network, question: dict[str, Any], sent: Any) -> tuple[Answer, ...]:
    if sent is None:
        return (ask(network, **question),)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sample{Path(sent.name).suffix.lower()}"
        path.write_bytes(sent.getvalue())
        if path.suffix == ".npz":
            return ask_all(network, path, question["best"])
        return (ask(network, file=path, **question),)


def _show_answer(network: Network, answer: Answer) -> None:
    labels = names(network, len(answer.probabilities))
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


def _show_many(network: Network, answers: tuple[Answer, ...]) -> None:
    labels = names(network, len(answers[0].probabilities))
    st.markdown(summary(answers))
    st.dataframe(
        [_row(answer, labels) for answer in answers],
        hide_index=True,
        height=ROW_HEIGHT * min(ROWS, len(answers)) + 42,
        row_height=ROW_HEIGHT,
        placeholder="-",
        key="answers",
        column_config={
            "Sample": st.column_config.ImageColumn(width=70),
            "Sure": st.column_config.NumberColumn(format="percent"),
        },
    )


def summary(answers: tuple[Answer, ...]) -> str:
    """Return how many samples were told right, where their classes are known."""
    known = [one for one in answers if one.label is not None]
    if not known:
        return f"{len(answers):,} samples."
    right = sum(ranked(one)[0] == one.label for one in known)
    return f"{right:,} of {len(known):,} told right, {right / len(known):.1%}."


def _row(answer: Answer, labels: list[str]) -> dict[str, Any]:
    first = ranked(answer)[0]
    known = answer.label is not None and answer.label < len(labels)
    drawn = picture(answer.sample)
    kind, content = ("png", drawn) if isinstance(drawn, bytes) else ("svg+xml", drawn.encode())
    return {
        "Sample": f"data:image/{kind};base64,{base64.b64encode(content).decode()}",
        "Says": labels[first],
        "Sure": answer.probabilities[first],
        "Is": labels[answer.label] if known and answer.label is not None else None,
    }


def bars(answer: Answer, labels: list[str]) -> Any:
    """Return the most likely classes as bars, the likeliest on top."""
    from plotly.graph_objects import Bar, Figure

    top = ranked(answer)
    figure = Figure(
        Bar(
            x=[answer.probabilities[place] for place in top],
            y=[plain(labels[place]) for place in top],
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
