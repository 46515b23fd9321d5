"""Which classes a run tells apart: the confusion matrix, each class's share, and the mistakes."""

import io
from typing import Any

import streamlit as st

from blocks import Confusion, Given, Run, Wrong
from editor.words import literal, plain

MOST_NUMBERED = 20
TILE = 112
COLUMNS = 6
INK = "#6d75f5"
STRONG = 0.75


def names(run: Run | Given, count: int) -> list[str]:
    """Return what the classes of a run's data are called: their names, or their numbers."""
    known = run.class_names
    return [name[:32] for name in known] if len(known) == count else [str(n) for n in range(count)]


def show(run: Run) -> None:
    """Show the confusion matrix of the last epoch beside the share of each class."""
    found = run.confusion()
    if found is None:
        st.info("The classes appear here after the first epoch.", icon=":material/grid_on:")
        return
    labels = names(run, len(found.counts))
    matrix, shares = st.columns([1.5, 1], gap="medium")
    with matrix:
        st.plotly_chart(
            confusion(found, labels),
            config={"displayModeBar": False},
            key=f"confusion-{run.id}",
            alt=words(found, labels),
        )
    with shares:
        st.dataframe(
            [
                {"Class": label, "Told right": share, "Samples": sum(row)}
                for label, share, row in zip(labels, found.recalls, found.counts, strict=True)
            ],
            hide_index=True,
            height=min(380, 35 * (len(labels) + 1) + 3),
            placeholder="-",
            column_config={
                "Told right": st.column_config.ProgressColumn(
                    format="percent", min_value=0, max_value=1
                )
            },
        )
    st.caption(f"Validation samples after epoch {found.epoch}.")


def confusion(found: Confusion, labels: list[str]) -> Any:
    """Return the matrix as a figure: rows are the classes, columns what they were taken for."""
    from plotly.graph_objects import Figure, Heatmap

    shown = [plain(label) for label in labels]
    shares = [[count / (sum(row) or 1) for count in row] for row in found.counts]
    figure = Figure(
        Heatmap(
            z=shares,
            x=shown,
            y=shown,
            zmin=0,
            zmax=1,
            colorscale=[[0, "rgba(79,70,229,0.04)"], [1, "rgb(79,70,229)"]],
            showscale=False,
            xgap=1,
            ygap=1,
            customdata=found.counts,
            hovertemplate="%{y} taken for %{x}: %{customdata}<extra></extra>",
        )
    )
    if len(labels) <= MOST_NUMBERED:
        figure.add_traces(_numbers(found, shares, shown))
    figure.update_layout(
        title={"text": "Confusion", "font": {"size": 15}},
        showlegend=False,
        height=420,
        margin={"l": 0, "r": 8, "t": 40, "b": 0},
        xaxis={"title": "taken for", "type": "category", "showgrid": False},
        yaxis={"title": "class", "type": "category", "autorange": "reversed", "showgrid": False},
    )
    return figure


def _numbers(found: Confusion, shares: list[list[float]], shown: list[str]) -> list[Any]:
    """Return the counts: white on strong colour, elsewhere what stands out from the page."""
    from plotly.graph_objects import Scatter

    weak = "#e6e8ef" if st.context.theme.type == "dark" else "#1f2230"
    cells = [
        (column, row, str(count), share > STRONG)
        for row, counts, of_row in zip(shown, found.counts, shares, strict=True)
        for column, count, share in zip(shown, counts, of_row, strict=True)
        if count
    ]
    return [
        Scatter(
            x=[column for column, _, _, is_strong in cells if is_strong == strong],
            y=[row for _, row, _, is_strong in cells if is_strong == strong],
            text=[text for _, _, text, is_strong in cells if is_strong == strong],
            mode="text",
            textfont={"color": "#ffffff" if strong else weak},
            hoverinfo="skip",
        )
        for strong in (True, False)
    ]


def words(found: Confusion, labels: list[str]) -> str:
    """Return what the matrix shows, for those who cannot see it."""
    total = sum(map(sum, found.counts))
    right = sum(row[place] for place, row in enumerate(found.counts))
    mistakes = [
        (count, labels[truth], labels[guess])
        for truth, row in enumerate(found.counts)
        for guess, count in enumerate(row)
        if truth != guess and count
    ]
    text = f"Confusion after epoch {found.epoch}: {right} of {total} samples told right"
    if mistakes:
        count, truth, guess = max(mistakes, key=lambda one: one[0])
        text += f"; most often {truth} was taken for {guess}, {count} times"
    return text


def show_mistakes(run: Run) -> None:
    """Show validation samples that were told wrong, the surest mistakes first."""
    found, last = run.wrong(), run.confusion()
    if not found or last is None:
        st.info(
            "No sample was told wrong after the last epoch."
            if last
            else "Samples told wrong appear here after the first epoch.",
            icon=":material/image_search:",
        )
        return
    labels = names(run, len(last.counts))
    st.caption(f"Validation samples told wrong after epoch {found[0].epoch}, the surest first.")
    for start in range(0, len(found), COLUMNS):
        columns = st.columns(COLUMNS)
        for column, one in zip(columns, found[start : start + COLUMNS], strict=False):
            with column:
                st.image(picture(one.sample), width=TILE)
                st.caption(literal(caption(one, labels)))


def caption(one: Wrong, labels: list[str]) -> str:
    """Return the truth of a sample and what it was taken for."""
    truth, guess = labels[one.truth], labels[one.guess]
    return f"{truth}, taken for {guess} ({one.probability:.0%})"


def picture(sample: Any) -> Any:
    """Return a sample as a PNG, or a signal as an SVG line; the least value is dark."""
    import numpy as np
    from PIL import Image

    values = np.asarray(sample, np.float32)
    low, high = float(values.min()), float(values.max())
    values = (values - low) / ((high - low) or 1.0)
    if values.ndim != 3:
        return line(values.reshape(len(values), -1)[:, 0].tolist())
    pixels = (values * 255).astype(np.uint8)
    pixels = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., 0]
    times = max(1, -(-2 * TILE // pixels.shape[0]))
    pixels = pixels.repeat(times, axis=0).repeat(times, axis=1)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def line(values: list[float]) -> str:
    """Return values from 0 to 1 as a small SVG line."""
    stride = -(-len(values) // (2 * TILE)) or 1
    shown = values[::stride]
    step = TILE / max(1, len(shown) - 1)
    points = " ".join(f"{x * step:.1f},{4 + (1 - y) * (TILE - 8):.1f}" for x, y in enumerate(shown))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{TILE}" height="{TILE}">'
        f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="1.5"/></svg>'
    )
