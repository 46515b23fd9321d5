"""A worker of a cluster: one of the processes that train a run together, on any machine.

It has a folder of its own that looks like the run's; what changes there is sent home.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blocks.errors import BlockwrightError
from blocks.training.checkpoint import CheckpointError
from blocks.training.conclusion import conclude
from blocks.training.engines.backend import backend
from blocks.training.engines.local import build
from blocks.training.engines.mailbox import NAMESPACE, Desk, Work, put_files
from blocks.training.loop import Trainer
from blocks.training.prepare import watch_of
from blocks.training.run import Run
from blocks.training.stopping import Stopped


class AgreedStop:
    """Stop as the workers of a cluster hear it: all of them before the same step."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check(self) -> None:
        """Look up whether to stop.

        Raises:
            Stopped: between steps.
        """
        if not self._desk.may_go_on():
            raise Stopped(between_steps=True)

    @contextmanager
    def may_interrupt(self, between_steps: bool) -> Iterator[None]:
        """Surround what takes seconds; nothing interrupts it, the others would wait for ever."""
        yield


def work(config: dict[str, Any]) -> None:
    """Train what the mailbox named in `config` holds; Ray Train calls this in every worker."""
    import ray

    mailbox = ray.get_actor(config["mailbox"], namespace=NAMESPACE)
    todo: Work = ray.get(mailbox.work.remote())
    first, attempt = _met()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        put_files(run.folder, todo.files)
        desk = Desk(mailbox, first, attempt, run.folder)
        try:
            outcome = _train(run, todo.samples, desk)
        except (BlockwrightError, CheckpointError) as error:  # it would fail alike once more
            outcome = "failed", str(error)
        desk.send(outcome)


def _met() -> tuple[bool, int]:
    """Wait for the other workers; return whether this is the first, and a number of this meeting.

    After a lost machine the workers start anew; what the lost ones asked counts no more.
    """
    import secrets

    import jax
    import numpy as np
    from jax.experimental import multihost_utils

    number = np.int32(secrets.randbelow(2**31))
    if jax.process_count() > 1:
        number = multihost_utils.broadcast_one_to_all(number)
    return jax.process_index() == 0, int(number)


def _train(run: Run, samples: Any, desk: Desk) -> tuple[str, str]:
    """Train from where the run's checkpoint left it; return how it ended."""
    import jax

    count = jax.device_count()
    desk.fact("phase", f"building the network on {count} devices of the cluster")
    model, targets = build(run, count)
    trainer = Trainer(
        model=model,
        targets=targets,
        samples=samples,
        settings=run.settings,
        record=desk,  # type: ignore[arg-type]
        watch=watch_of(run.design, run.settings, model, targets),
        stop=AgreedStop(desk),  # type: ignore[arg-type]
        checkpoint_path=run.checkpoint_path,
        best_path=run.best_path,
        learn=backend().learner_of(model, count, run.settings.seed),
        parts=count,
        agree=desk.agree,
    )
    trainer.restore()
    return conclude(trainer)
