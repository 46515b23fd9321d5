"""What a run can train on: the processor, GPUs, a cluster; found without any backend."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from blocks.errors import BlockwrightError
from blocks.training import cluster

ALL_GPUS, RAY = "all-gpus", "ray"
CLUSTER_PLACES = 6
"""Each run on a cluster has a process on this machine too, with data and network in its memory."""


class DeviceError(BlockwrightError):
    """A device that is not there."""


@dataclass(frozen=True)
class Device:
    """A processor, a GPU, all GPUs of this machine, or a cluster.

    `name` is what a person types (`cpu`, `gpu:0`, `all-gpus`, `ray`); `uuid` tells a card from its
    neighbours whatever order a library lists them in, of several cards with commas; `count` is how
    many share a batch. `address` is that of a cluster. Memory is in bytes; that of a cluster is
    not known here.
    """

    name: str
    title: str
    free_bytes: int
    total_bytes: int
    uuid: str = ""
    cores: int = 0
    count: int = 1
    address: str = ""

    @property
    def is_cluster(self) -> bool:
        return self.name == RAY

    @property
    def is_gpu(self) -> bool:
        return bool(self.uuid)

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of what a run holds for itself; a GPU keeps its name when cards are added.

        All GPUs are held one by one, in an order that never locks up.
        """
        if self.is_cluster:
            return (f"{RAY}-{self.address}",)
        return tuple(sorted(self.uuid.split(","))) if self.is_gpu else (self.name,)

    @property
    def places(self) -> int:
        """How many runs may train on it at once; a cluster gives each what it has free."""
        return CLUSTER_PLACES if self.is_cluster else 1

    def describe(self) -> str:
        """Return the device in a line: name, free memory."""
        if self.is_cluster:
            return f"{self.title} at {self.address}"
        free = f"{self.free_bytes / 1e9:.1f} of {self.total_bytes / 1e9:.1f} GB free"
        cores = f"{self.cores} cores, " if self.cores else ""
        return f"{self.title}, {cores}{free}"

    def environment(self) -> dict[str, str]:
        """Return the variables that must be set before a backend is imported."""
        visible = {
            "CUDA_VISIBLE_DEVICES": self.uuid or "-1",
            "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        }
        return visible if self.is_gpu else {**visible, "JAX_PLATFORMS": "cpu"}


def devices() -> list[Device]:
    """Return what this machine offers, with the memory that is free now.

    All GPUs together are named where there are two or more, and a Ray cluster where one answers.
    """
    gpus = _gpus()
    found = [_processor(), *gpus, *([_together(gpus)] if len(gpus) > 1 else [])]
    return [*found, *([_cluster()] if cluster.is_there() else [])]


def find(name: str) -> Device:
    """Return the device with a name.

    Raises:
        DeviceError: this machine has no such device; those it has are named.
    """
    known = {device.name: device for device in devices()}
    if name in known:
        return known[name]
    if name == RAY:
        raise DeviceError(cluster.why_not())
    raise DeviceError(
        f"device must be one of {', '.join(known)}, got {name!a:.40}; choose one that is there"
    )


def missing_cards(device: Device) -> list[str]:
    """Return the cards of a device that the driver does not list now, by their UUID."""
    there = {card.uuid for card in _gpus()}
    return [key for key in device.keys if device.is_gpu and key not in there]


def from_json(entry: Mapping[str, Any]) -> Device:
    """Return the device a run's settings name, as it was when the run was started."""
    return Device(
        name=str(entry.get("name", "cpu")),
        title=str(entry.get("title", "")),
        free_bytes=0,
        total_bytes=0,
        uuid=str(entry.get("uuid", "")),
        count=int(entry.get("count", 1)),
        address=str(entry.get("address", "")),
    )


def to_json(device: Device) -> dict[str, Any]:
    """Return what a run's settings keep of a device."""
    kept = ("name", "title", "uuid", "count", "address")
    return {name: getattr(device, name) for name in kept}


def _together(gpus: list[Device]) -> Device:
    """Return all cards as one; the smallest says how much memory each can give."""
    titles = dict.fromkeys(gpu.title for gpu in gpus)
    return Device(
        ALL_GPUS,
        f"{len(gpus)} x {' and '.join(titles)}",
        len(gpus) * min(gpu.free_bytes for gpu in gpus),
        len(gpus) * min(gpu.total_bytes for gpu in gpus),
        uuid=",".join(gpu.uuid for gpu in gpus),
        count=len(gpus),
    )


def _cluster() -> Device:
    return Device(RAY, "Ray cluster", 0, 0, address=cluster.address())


def _processor() -> Device:
    memory = psutil.virtual_memory()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Device("cpu", _processor_name(), memory.available, memory.total, cores=cores or 1)


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine() or "CPU"


def _gpus() -> list[Device]:
    """Return the GPUs the driver knows, in its order; none where there is no driver."""
    try:
        import pynvml

        pynvml.nvmlInit()
    except Exception:  # no library, no driver, no permission: all mean no GPU here
        return []
    try:
        return [_gpu(pynvml, index) for index in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError:
        return []
    finally:
        pynvml.nvmlShutdown()


def _gpu(nvml: Any, index: int) -> Device:
    handle = nvml.nvmlDeviceGetHandleByIndex(index)
    memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    return Device(
        name=f"gpu:{index}",
        title=_text(nvml.nvmlDeviceGetName(handle)),
        free_bytes=int(memory.free),
        total_bytes=int(memory.total),
        uuid=_text(nvml.nvmlDeviceGetUUID(handle)),
    )


def _text(value: str | bytes) -> str:
    """Return text; older bindings give bytes."""
    return value.decode() if isinstance(value, bytes) else value
