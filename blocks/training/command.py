"""`python -m blocks train` and `devices`: runs without the browser, in the same folders."""

import argparse
import json
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path

from blocks.design import Design
from blocks.errors import ReadError
from blocks.training.cluster import cluster_hint
from blocks.training.devices import devices
from blocks.training.launch import RunError
from blocks.training.lines import epoch_line
from blocks.training.options import given_settings
from blocks.training.run import Run
from blocks.training.start import start_run

POLL_SECONDS = 0.1


def train_command(design: Design | None, args: argparse.Namespace) -> int:
    """Train and follow the run to its end, a line per epoch; 0, or 1 where the run failed.

    Ctrl-C stops the run and keeps its weights. `args.resume` goes on with the run in
    `args.folder` (`design` is not looked at); `args.epochs`, where given, is its new goal.

    Raises:
        BlockwrightError: the run cannot start; one sentence per problem.
    """
    run = _resumed(args) if args.resume or design is None else _started(design, args)
    return follow(run)


def devices_command(args: argparse.Namespace) -> int:
    """Print the devices a design can be trained on."""
    found = devices()
    if args.json:
        print(json.dumps([asdict(device) for device in found], indent=2))
    else:
        for device in found:
            print(f"{device.name:<9}{device.describe()}")
    if hint := cluster_hint():
        print(hint, file=sys.stderr)
    return 0


def follow(run: Run) -> int:
    """Print what a run does until it ends; Ctrl-C or a polite kill stops the run first."""
    kinds = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(kind, lambda *_: run.stop()) for kind in kinds]
    shown = run.progress().epochs_done
    try:
        while (status := run.status()).alive:
            shown = _print_epochs(run, shown)
            time.sleep(POLL_SECONDS)
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
    _print_epochs(run, shown)
    if status.state == "failed":
        print(f"run {run.id} failed: {status.message}", file=sys.stderr)
        return 1
    saved = f"; the model is {run.model_path}" if run.model_path.exists() else ""
    print(f"{status.state}: {status.message or 'all epochs are done'}{saved}")
    return 0


def _print_epochs(run: Run, shown: int) -> int:
    """Print the epochs after those already shown; return how many are shown now."""
    for epoch in run.metrics().epochs:
        if epoch.epoch > shown:
            print(epoch_line(epoch, run.settings.epochs), flush=True)
            shown = epoch.epoch
    return shown


def _started(design: Design, args: argparse.Namespace) -> Run:
    if args.data is None:
        raise ReadError("train needs --data NAME_OR_PATH; digits works anywhere")
    settings = given_settings(args)
    return start_run(design, args.data, device=args.device, folder=args.folder, **settings)


def _resumed(args: argparse.Namespace) -> Run:
    run = Run(Path(args.folder).expanduser().absolute())
    if not run.about:
        raise RunError(f"{run.folder} holds no run to resume; start one without --resume")
    return run.resume(epochs=args.epochs)
