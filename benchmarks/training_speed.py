"""What a run costs beside a bare `model.fit`, and how soon its first step is done.

The homework's ResNet-50 learns 1080 made-up hand signs (64 x 64 x 3, batches of 32). In one process
for each installed backend, three trainings take turns, epoch by epoch: a hand-written `model.fit`,
ours with figures, checkpoints and the best epoch kept, and ours with gradients reported too; the
medians are compared, by the clock and of all cores (what other work on the machine changes
little). Then runs are started as the page does, cold and made ready, and timed from
the call to the first recorded step. `--quick` does all of it with a small network.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from blocks import Design, Run, TrainingSettings, analyze, stand_by, start_run, template
from blocks.training.backends import backends, environment
from blocks.training.devices import find
from blocks.training.queue import line_of
from blocks.training.standby import LOG

GOALS = {"ours": 1.02, "ours, gradients reported": 1.10}
FIRST_STEP_GOALS = {("digits", "made ready"): 3.0, ("resnet50_signs", "made ready"): 8.0}
ROUNDS = 6
PATIENCE = 600.0


@dataclass(frozen=True)
class Case:
    """A network and how often it is trained; a small one with `quick`."""

    quick: bool
    rounds: int

    @property
    def design(self) -> Design:
        return template("digits") if self.quick else template("resnet50_signs")

    @property
    def samples(self) -> tuple[int, tuple[int, int, int], int]:
        """Count, shape and classes of the made-up samples."""
        return (192, (8, 8, 1), 10) if self.quick else (1080, (64, 64, 3), 6)


def write_signs(path: Path, case: Case) -> None:
    """Write samples in the SIGNS format with a rule to learn: where the bright bar is."""
    count, shape, classes = case.samples
    rng = np.random.default_rng(0)
    labels = rng.integers(classes, size=count)
    x = rng.integers(0, 120, size=(count, *shape))
    height = shape[0] // classes or 1
    for row, label in enumerate(labels):
        x[row, label * height : (label + 1) * height] += 100
    with h5py.File(path, "w") as file:
        file["train_set_x"], file["train_set_y"] = x.astype(np.uint8), labels[None, :]
        file["list_classes"] = np.arange(classes)


Epochs = list[tuple[float, float]]
"""Seconds of epochs, by the clock and of all cores."""


def take_turns(case: Case, folder: Path) -> dict[str, Epochs]:
    """Return the seconds of epochs of each training; they take turns in this process."""
    from blocks.training.plan import Plan
    from blocks.training.prepare import prepared

    settings = TrainingSettings(epochs=100_000, watch_gradients=False)
    watched = TrainingSettings(epochs=100_000)
    data, cpu = str(folder / "signs.h5"), find("cpu")
    samples = prepared(Plan(case.design, data, settings, cpu), lambda _: None).samples
    trainings = {
        "model.fit": bare(case.design, samples),
        "ours": ours(Plan(case.design, data, settings, cpu), folder / "ours"),
        "ours, gradients reported": ours(Plan(case.design, data, watched, cpu), folder / "watched"),
    }
    seconds: dict[str, Epochs] = {name: [] for name in trainings}
    for epoch in range(1 + case.rounds):
        for name, train_one_epoch in trainings.items():
            took = train_one_epoch()
            if epoch:  # the first one is traced
                seconds[name].append(took)
    return seconds


class Stopwatch:
    """Takes the time by the clock and of all cores."""

    def __init__(self) -> None:
        self.start = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Return the seconds since it was made."""
        return time.perf_counter() - self.start[0], time.process_time() - self.start[1]


def bare(design: Design, samples: Any) -> Any:
    """Return what trains an epoch as a person would write it, without any of our code."""
    import keras

    from blocks import to_keras

    model = to_keras(design)
    model.compile(
        optimizer=keras.optimizers.Adam(0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    judged = samples.x_validation, samples.y_validation

    class Timed(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.watch = Stopwatch()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.took = self.watch.read()

    def epoch() -> tuple[float, float]:
        """Train two epochs and time the second: the first of a `fit` sets up what all share."""
        timed = Timed()
        model.fit(
            *(samples.x, samples.y, 32, 2), validation_data=judged, callbacks=[timed], verbose=0
        )
        return timed.took

    return epoch


def ours(plan: Any, folder: Path) -> Any:
    """Return what trains an epoch as a run does, in a folder."""
    from blocks.training.loop import Trainer
    from blocks.training.prepare import prepared
    from blocks.training.record import Recorder
    from blocks.training.stopping import Stop

    folder.mkdir()
    made = prepared(plan, lambda _: None)
    trainer = Trainer(
        *(made.model, made.targets, made.samples, plan.settings, Recorder(folder), made.watch),
        *(Stop(), folder / "checkpoint.npz", folder / "best.npz", made.learn),
    )

    left = time.monotonic()

    def epoch() -> tuple[float, float]:
        nonlocal left
        trainer.saved_at += time.monotonic() - left  # the turns of others bring no checkpoint near
        watch = Stopwatch()
        trainer._epoch()
        took, left = watch.read(), time.monotonic()
        return took

    return epoch


def first_step(design: Design, data: str, folder: Path, ready: bool) -> float:
    """Return the seconds from the start of a run to its first recorded step."""
    if ready:
        os.environ["BLOCKWRIGHT_STANDBY"] = "1"
        log, end_of_patience = line_of("cpu") / LOG, time.monotonic() + PATIENCE
        log.write_bytes(b"")  # another training was made ready before
        stand_by(design, data, TrainingSettings())
        while not (log.exists() and "ready to train" in log.read_text()):
            if time.monotonic() > end_of_patience:
                raise SystemExit("nothing was made ready; is there enough free memory?")
            time.sleep(0.05)
    start = time.monotonic()
    run = start_run(design, data, folder=folder, epochs=2)
    while not run.metrics().steps:
        if not run.status().alive:
            raise SystemExit(f"the run ended before its first step: {run.status().message}")
        time.sleep(0.01)
    took = time.monotonic() - start
    end(run)
    return took


def end(run: Run) -> None:
    """Stop a run and wait until its device is free."""
    run.stop()
    run.wait()


def show_epochs(case: Case, folder: Path, backend: str) -> None:
    """Print the seconds of epochs on a backend; they are measured in a process of its own."""
    command = [
        *(sys.executable, __file__, "--take-turns", str(folder)),
        *("--rounds", str(case.rounds), *["--quick"] * case.quick),
    ]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
    child = subprocess.run(
        command,
        env={**os.environ, **environment(backend), **quiet},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Epochs] = json.loads(child.stdout.splitlines()[-1])
    usual = medians(found["model.fit"])
    for name, epochs in found.items():
        clock, cores = medians(epochs)
        times = f"{clock / usual[0]:>9.3f}{cores / usual[1]:>9.3f}"
        goal = f"{GOALS[name]:.2f}" if name in GOALS else ""
        print(f"{backend + ', ' + name:<40}{clock:>9.3f}{cores:>9.3f}{times}{goal:>8}", flush=True)


def medians(epochs: Epochs) -> tuple[float, float]:
    """Return the median seconds by the clock, and of all cores."""
    clock, cores = zip(*epochs, strict=True)
    return median(clock), median(cores)


def main() -> None:
    """Measure and print; with --take-turns be the process in which trainings take turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small network")
    parser.add_argument(
        "--backends", nargs="*", default=backends(), choices=backends(), help="none: first steps"
    )
    parser.add_argument("--rounds", type=int, help=f"epochs of each training, {ROUNDS} by default")
    parser.add_argument("--take-turns", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    case = Case(args.quick, args.rounds or (2 if args.quick else ROUNDS))
    if args.take_turns:
        with tempfile.TemporaryDirectory(dir=args.take_turns) as made:
            (Path(made) / "signs.h5").symlink_to(args.take_turns / "signs.h5")
            print(json.dumps(take_turns(case, Path(made))))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ["BLOCKWRIGHT_HOME"] = str(folder / "home")
        write_signs(folder / "signs.h5", case)
        parameters = analyze(case.design).total
        print(f"{parameters:,} parameters, {case.samples[0]:,} samples, {case.rounds} epochs each")
        head = f"{'clock':>9}{'cores':>9}{'times':>9}{'times':>9}{'goal':>8}"
        print(f"{'seconds of an epoch, median':<40}{head}", flush=True)
        for backend in args.backends:
            show_epochs(case, folder, backend)
        show_first_steps(case, folder)


def show_first_steps(case: Case, folder: Path) -> None:
    """Print how long it takes from the start of a run to its first step."""
    print(f"{'seconds to the first step, tensorflow':<40}{'s':>10}{'goal':>17}")
    cases = {"digits": (template("digits"), "digits")}
    if not case.quick:
        cases["resnet50_signs"] = template("resnet50_signs"), str(folder / "signs.h5")
    for name, (design, data) in cases.items():
        for how in ("cold", "made ready"):
            took = first_step(design, data, folder / f"{name} {how}", how == "made ready")
            goal = FIRST_STEP_GOALS.get((name, how), "")
            print(f"{name + ', ' + how:<40}{took:>10.2f}{goal:>17}")


if __name__ == "__main__":
    main()
