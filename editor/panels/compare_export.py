"""A comparison to take home: tables as CSV and Markdown."""

from collections.abc import Sequence

import streamlit as st

from editor.comparing import Compared, Metric, blocks_csv, pairs, totals_csv, totals_markdown
from editor.words import literal


def show(compared: Sequence[Compared], found: Sequence[Metric], base: int) -> None:
    """Show the tables' downloads; the charts have theirs above them."""
    labels = [one.label for one in compared]
    markdown = totals_markdown(labels, found, base)
    other = compared[0 if base else 1]
    with st.container(horizontal=True):
        st.download_button(
            "Totals, CSV",
            totals_csv(labels, found),
            "comparison.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Totals, Markdown",
            markdown,
            "comparison.md",
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            f"Blocks of {literal(compared[base].label)} and {literal(other.label)}, CSV",
            blocks_csv(pairs(compared[base], other)),
            "comparison blocks.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
    st.caption("The charts' pictures, SVG or PNG, are in their toolbars: the camera at the right.")
    st.code(markdown, language="markdown", height=320)
