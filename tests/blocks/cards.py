"""NVIDIA cards that only the driver's library knows."""

import sys
from types import SimpleNamespace

import pytest


def cards(monkeypatch: pytest.MonkeyPatch, *uuids: str) -> SimpleNamespace:
    """Let the driver know cards with 8 GB each, every one with 1 GB less of it free.

    Returns the driver's library, for a test that wants another word of it.
    """
    library = SimpleNamespace(
        NVMLError=RuntimeError,
        nvmlInit=lambda: None,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetCount=lambda: len(uuids),
        nvmlDeviceGetHandleByIndex=lambda index: index,
        nvmlDeviceGetName=lambda handle: "Card",
        nvmlDeviceGetUUID=lambda handle: uuids[handle],
        nvmlDeviceGetMemoryInfo=lambda handle: SimpleNamespace(
            free=(6 - handle) * 10**9, total=8 * 10**9
        ),
    )
    monkeypatch.setitem(sys.modules, "pynvml", library)
    return library
