"""The learning rate of every step: a function of the step alone, so that a resume changes none.

Plain Python without imports of ours: a run's training script has this source in it.
"""

import math


def learning_rate_at(
    step: int,
    *,
    steps: int,
    per_epoch: int,
    rate: float,
    schedule: str,
    warmup_epochs: float,
    step_epochs: int,
    step_factor: float,
) -> float:
    """Return the learning rate of a step, counted from 0, of so many in all."""
    warmup = round(warmup_epochs * per_epoch)
    if step < warmup:
        return rate * (step + 1) / (warmup + 1)
    if schedule == "cosine":
        return rate * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))
    if schedule == "step":
        return float(rate * step_factor ** (step // per_epoch // step_epochs))
    return rate
