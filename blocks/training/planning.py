"""`python -m blocks script` and `measure`: what a training would be, without one."""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from blocks.design import Design
from blocks.errors import ReadError
from blocks.exports import export
from blocks.training.datasets import describe_data
from blocks.training.devices import find
from blocks.training.estimate import measured, start_measuring, too_much
from blocks.training.folders import runs
from blocks.training.launch import RunError
from blocks.training.options import given_settings
from blocks.training.run import Run
from blocks.training.script import START, training_script
from blocks.training.unstarted import Unstarted, unstarted

Load = Callable[[str], Design]


def script_command(load: Load, args: argparse.Namespace) -> None:
    """Write the training script of a run, or of a source with data and settings.

    Where it starts from weights, these are written beside it.

    Raises:
        BlockwrightError: there is no such run or source, or they do not fit each other.
    """
    found = _run(args.source) or _planned(load, args)
    script = training_script(found)
    if args.output is None:
        print(script, end="")
        if found.starts_from_weights:
            print(f"it starts from {START}; -o FILE writes both", file=sys.stderr)
        return
    target = Path(args.output)
    target.write_text(script, encoding="utf-8")
    if found.starts_from_weights:
        _write_weights(found, target.with_name(START))


def measure_command(load: Load, args: argparse.Namespace) -> int:
    """Train a few steps on made-up samples and print what a run will take.

    Returns 0, or 2 where it would not fit the device.

    Raises:
        BlockwrightError: it cannot be trained, or the measurement failed.
    """
    found = _planned(load, args)
    info, card = describe_data(found.data, found.settings), find(args.device)
    job = start_measuring(found.design, found.settings, info, card)
    estimate = measured(job.result(), found.settings, info, card)
    print(json.dumps(asdict(estimate), indent=2) if args.json else estimate.sentence())
    refusal = too_much(estimate, found.settings, card)
    if refusal:
        print(refusal, file=sys.stderr)
    return 2 if refusal else 0


def _run(source: str) -> Run | None:
    """Return the run that a folder or a run's name stands for; None where it is neither."""
    if source == "-":
        return None
    folder = Path(source).expanduser().absolute()
    if folder.is_dir():
        run = Run(folder)
        if not run.about:
            raise RunError(f"{folder} holds no run; give the folder that --run named")
        return run
    return next((run for run in runs() if run.id == source), None)


def _planned(load: Load, args: argparse.Namespace) -> Unstarted:
    if args.data is None:
        raise ReadError("it needs --data NAME_OR_PATH; digits works anywhere")
    return unstarted(load(args.source), args.data, device=args.device, **given_settings(args))


def _write_weights(found: Run | Unstarted, target: Path) -> None:
    if isinstance(found, Run):
        shutil.copyfile(found.start_weights(), target)
    else:
        export(found.design, "weights", target)
