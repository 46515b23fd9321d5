"""Having a training process ready before there is a run."""

import os
import subprocess
import sys
import threading
from dataclasses import replace

import psutil

from blocks.design import Design
from blocks.training import handover, queue
from blocks.training.datasets import describe_data
from blocks.training.devices import Device, find
from blocks.training.files import write_json
from blocks.training.plan import BACKEND, Plan
from blocks.training.preflight import backend_on
from blocks.training.settings import TrainingSettings

VARIABLE = "BLOCKWRIGHT_STANDBY"
PLAN, LOG = "standby.json", "standby.log"
LEAST_FREE_BYTES = 2_000_000_000


def stand_by(design: Design, data: str, settings: TrainingSettings, device: str = "cpu") -> None:
    """Have a training of a design made ready in a process that waits for `start_run`.

    Returns at once; asking again renews it, with other arguments it makes ready those. On a GPU
    TensorFlow is loaded and no more: memory there is for those who train. It does nothing for
    several devices or another backend, while the device trains, on a machine with little memory,
    and where BLOCKWRIGHT_STANDBY is 0.

    Raises:
        DataError: the data cannot be read.
        DeviceError: there is no such device.
    """
    card = find(device)
    settings = replace(settings, backend=backend_on(card, settings))
    if settings.backend != BACKEND or len(card.keys) != 1 or card.is_cluster:
        return
    if os.environ.get(VARIABLE) == "0" or psutil.virtual_memory().available < LEAST_FREE_BYTES:
        return
    if queue.waiting(*card.keys):
        return
    folder = queue.line_of(*card.keys)
    plan = Plan(design, describe_data(data, settings).name, settings, card)
    write_json(folder / PLAN, {} if card.is_gpu else plan.to_json())
    if not queue.is_claimed(folder / handover.LOCK):
        _start(card)


def _start(card: Device) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "blocks.training.waiting"),
            *(card.name, str(handover.fifo_of(*card.keys))),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=handover.environment(),
    )
    # Nobody else would collect its exit while this process lives.
    threading.Thread(target=process.wait, daemon=True).start()
