"""What is inside a trained network: feature maps and filters of a layer, as pictures."""

from typing import Any

import streamlit as st

from blocks import Answer

ACROSS = 16


def show_inside(answer: Answer) -> None:
    """Show the values that leave a layer, channel by channel, and its filters."""
    values = answer.values
    st.markdown("**Feature maps**: what leaves the layer, each channel from dark to bright.")
    assert values is not None
    st.image(tiles([values[..., channel] for channel in range(values.shape[-1])]))
    if answer.kernels is not None:
        st.markdown("**Filters** of the layer, the mean over what they read.")
        st.image(tiles([kernel.mean(axis=-1) for kernel in answer.kernels]))


def tiles(maps: list[Any]) -> Any:
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
    across = min(ACROSS, len(shown)) if shown[0].shape[1] < 200 else 1
    shown += [np.full_like(shown[0], 0.5)] * (-len(shown) % across)
    rows = [np.concatenate(shown[n : n + across], axis=1) for n in range(0, len(shown), across)]
    return (np.concatenate(rows) * 255).astype(np.uint8)
