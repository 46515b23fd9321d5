"""What each device gets of a batch that several share."""

from typing import Any


def part(batch: Any, place: int, devices: int) -> Any:
    """Return the part of samples or targets that one device gets, of as many even parts.

    Targets of several outputs are a mapping of arrays by name.
    """
    if isinstance(batch, dict):
        return {name: part(values, place, devices) for name, values in batch.items()}
    size = len(batch) // devices
    return batch[place * size : (place + 1) * size]
