"""The totals of designs side by side, and how each stands against one of them."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from editor.comparing import Compared, Metric, difference
from editor.panels.code import obstacles
from editor.words import literal

INLINE = 3
"""So many designs leave room for the differences beside the numbers; with more they go below."""

STYLE = """<style>
.versus { overflow-x: auto; --line: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
.versus table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
.versus :is(th, td) { padding: 0.25rem 0.75rem; border: 0; border-bottom: var(--line);
  text-align: right; font-weight: 400; vertical-align: baseline; line-height: 1.4;
  font-variant-numeric: tabular-nums; }
.versus :is(th, td):first-child { padding-left: 0; text-align: left; }
.versus thead th { font-weight: 600; overflow-wrap: anywhere; }
.versus .more { opacity: 0.75; font-size: 0.8125rem; white-space: nowrap; text-align: left;
  padding-left: 0; }
.versus span.more { display: block; text-align: right; }
.versus .least { padding: 0 0.375rem; margin-right: 0.375rem; border-radius: 0.25rem;
  font-size: 0.75rem; font-weight: 600; color: light-dark(#166534, #86efac);
  background: light-dark(#16653414, #86efac1f); }
.versus .base { font-weight: 400; opacity: 0.75; }
</style>"""


def show(compared: Sequence[Compared], found: Sequence[Metric], base: int) -> None:
    """Show a row for each number and a column for each design."""
    st.html(STYLE + table(compared, found, base))
    for one in compared:
        hindrance = _hindrance(one)
        if hindrance:
            st.warning(f"**{literal(one.label)}** is no whole network: {literal(hindrance)}.")


def table(compared: Sequence[Compared], found: Sequence[Metric], base: int) -> str:
    """Return the totals as HTML."""
    inline = len(compared) <= INLINE
    heads = "".join(_head(one.label, place == base, inline) for place, one in enumerate(compared))
    lines = "".join(_line(metric, base, inline) for metric in found)
    return (
        '<div class="versus" tabindex="0" role="region" aria-label="Totals side by side"><table>'
        f'<thead><tr><th scope="col">Total</th>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _head(label: str, is_base: bool, inline: bool) -> str:
    note = ' <span class="base">(base)</span>' if is_base else ""
    beside = "<td></td>" if inline and not is_base else ""
    return f'<th scope="col">{escape(label)}{note}</th>{beside}'


def _line(metric: Metric, base: int, inline: bool) -> str:
    best = metric.best()
    cells = ""
    for place, value in enumerate(metric.values):
        mark = '<span class="least">least</span>' if place in best else ""
        cell = f"{mark}{metric.text(value)}"
        if place == base:
            cells += f"<td>{cell}</td>"
            continue
        more = difference(value, metric.values[base], metric)
        if inline:
            cells += f'<td>{cell}</td><td class="more">{more}</td>'
        else:
            cells += f'<td>{cell}<span class="more">{more}</span></td>'
    return f'<tr><th scope="row">{metric.name}</th>{cells}</tr>'


def _hindrance(one: Compared) -> str:
    """Return the first reason why a design cannot be built, or ""."""
    error = obstacles(one.view.report)
    return str(error).splitlines()[0] if error else ""
