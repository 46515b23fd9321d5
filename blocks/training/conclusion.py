"""Training brought to its end: finished, stopped, or given up because it makes no numbers."""

from blocks.training.ending import Diverged
from blocks.training.loop import Trainer
from blocks.training.stopping import Stopped


def conclude(trainer: Trainer) -> tuple[str, str]:
    """Train until it ends; return the state and a sentence.

    The model has the weights that are kept then.
    """
    try:
        return _to_its_end(trainer)
    except Diverged as diverged:
        trainer.restore()
        return "failed", f"{diverged}; the weights after {trainer.done} are kept"


def _to_its_end(trainer: Trainer) -> tuple[str, str]:
    try:
        return "finished", trainer.train()
    except Stopped as stopped:
        if stopped.between_steps:
            trainer.save()
        else:
            trainer.restore()
        return "stopped", f"stopped after {trainer.done}; the weights are kept"
