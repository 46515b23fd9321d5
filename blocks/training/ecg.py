"""A small labelled set of single-lead ECG signals, drawn by rule: it works without a network.

Each beat is a sum of five bell curves (the waves P, Q, R, S and T), as in the model of McSharry
et al. 2003; the rhythm of the beats makes the class. It teaches how a network for signals trains;
it is no substitute for records of patients.
"""

from functools import cache
from typing import Any

import numpy as np

from blocks.training.class_names import RHYTHMS
from blocks.training.datasets import ECG

Array = np.ndarray[Any, np.dtype[Any]]
Wave = tuple[float, float, float]
Beat = tuple[float, dict[str, Wave]]

LENGTH, COUNT = ECG.shape[0], ECG.count
SAMPLING_RATE = 128
DRAWN_FROM = 20_030

# Time from the R peak in seconds, width in seconds, height in millivolts.
WAVES = {
    "p": (-0.17, 0.025, 0.15),
    "q": (-0.03, 0.010, -0.12),
    "r": (0.00, 0.011, 1.00),
    "s": (0.03, 0.012, -0.22),
    "t": (0.24, 0.050, 0.30),
}
VENTRICULAR = {"r": (0.00, 0.045, 1.20), "s": (0.09, 0.040, -0.55), "t": (0.30, 0.060, -0.35)}


@cache
def records() -> tuple[Array, Array]:
    """Return x of shape (1200, 1024, 1), float32 in -2..2 (millivolts), and y from 0 to 3."""
    generator = np.random.default_rng(DRAWN_FROM)
    y = np.arange(COUNT, dtype=np.int64) % len(RHYTHMS)
    x = np.stack([record(RHYTHMS[label], generator) for label in y])
    return x[..., None].astype(np.float32), y


def record(rhythm: str, generator: np.random.Generator) -> Array:
    """Return eight seconds of one rhythm, with noise and a wandering baseline."""
    time = np.arange(LENGTH) / SAMPLING_RATE
    signal = np.zeros(LENGTH)
    for peak, waves in _beats(rhythm, generator):
        for name, (offset, width, height) in waves.items():
            late = 0.85 if rhythm == "tachycardia" and name in "pt" else 1.0
            signal += height * np.exp(-0.5 * ((time - peak - late * offset) / width) ** 2)
    if rhythm == "atrial fibrillation":
        phase = generator.uniform(0, 2 * np.pi)
        signal += 0.06 * np.sin(2 * np.pi * generator.uniform(5, 8) * time + phase)
    wander = 0.08 * np.sin(2 * np.pi * generator.uniform(0.15, 0.4) * time)
    noise = 0.03 * generator.standard_normal(LENGTH)
    return np.clip(signal * generator.uniform(0.8, 1.2) + wander + noise, -2, 2)


def _beats(rhythm: str, generator: np.random.Generator) -> list[Beat]:
    """Return the beats: time of the R peak in seconds, and the waves around it."""
    rates = {"tachycardia": (120, 150), "atrial fibrillation": (70, 110)}
    interval = 60 / generator.uniform(*rates.get(rhythm, (58, 90)))
    unsteady = 0.22 if rhythm == "atrial fibrillation" else 0.025
    without_p = {name: wave for name, wave in WAVES.items() if name != "p"}
    usual = without_p if rhythm == "atrial fibrillation" else WAVES
    odd = int(generator.integers(1, 4))
    beats: list[Beat] = []
    peak = -generator.uniform(0, interval)
    while peak < LENGTH / SAMPLING_RATE + 0.5:
        premature = rhythm == "premature ventricular beats" and len(beats) % 4 == odd
        beats.append(
            (peak - 0.32 * interval if premature else peak, VENTRICULAR if premature else usual)
        )
        peak += interval * max(0.45, 1 + unsteady * generator.standard_normal())
    return beats
