"""One run per device at a time, a few on a cluster: locks, and a line of tickets before them.

Locks are the system's (flock): they are free again the moment their holder is gone, however it
ended. A run's own lock tells whether its runner lives. Needs a local disk, Linux or macOS.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import cast

from blocks.home import home, private_folder

POLL_SECONDS = 0.1
CLAIM_TRIES = 20
DEVICE_LOCK = "device.lock"


def claim(path: Path, opened: int | None = None) -> int | None:
    """Take the lock of a file for as long as this process lives; None when another has it.

    Returns an open file descriptor; closing it gives the lock back. `opened` is one of `lock_of`.
    """
    descriptor = lock_of(path) if opened is None else opened
    for _ in range(CLAIM_TRIES):  # a reader may hold it for a moment, see `is_claimed`
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            time.sleep(0.01)
    if opened is None:
        os.close(descriptor)
    return None


def lock_of(path: Path) -> int:
    """Open the lock of a file without taking it.

    Whoever inherits the descriptor holds the lock too, from when one of them takes it.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def is_claimed(path: Path) -> bool:
    """Tell whether a living process holds the lock of a file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


@contextmanager
def turns(
    devices: Sequence[str],
    run: Path,
    given_up: Callable[[], bool],
    opened: int | None = None,
    places: int = 1,
) -> Iterator[list[int] | None]:
    """Wait in the lines of several devices, one after the other, and hold all of them.

    Yields the descriptors of the locks as `turn` does. Whoever waits for several must name them
    in the same order, or two would wait for each other. `opened` is a descriptor of the one
    device's lock that a child has already.
    """
    with ExitStack() as stack:
        held: list[int] | None = []
        for device in devices:
            lock = stack.enter_context(turn(device, run, given_up, opened, places))
            if lock is None or held is None:
                held = None
                break
            held.append(lock)
        yield held


@contextmanager
def turn(
    device: str,
    run: Path,
    given_up: Callable[[], bool],
    opened: int | None = None,
    places: int = 1,
) -> Iterator[int | None]:
    """Wait in the device's line and hold the device; None when `given_up` says so first.

    Yields the lock's descriptor, which a child may inherit: then the device is taken until the
    child is gone too. `opened` is a descriptor of the device's lock that a child has already.
    As many runs as there are `places` hold the device at once.
    """
    line = line_of(device)
    ticket, lock = _draw_ticket(line, run)
    held = None
    try:
        while held is None and not given_up():
            if ticket in waiting(device)[:places]:
                held = _claim_place(line, places, opened)
            if held is None:
                time.sleep(POLL_SECONDS)
        yield held
    finally:
        ticket.unlink(missing_ok=True)
        for descriptor in {lock, held, opened} - {None}:
            os.close(cast(int, descriptor))


def _claim_place(line: Path, places: int, opened: int | None) -> int | None:
    """Take one of a device's places; None while others, or what is left of them, have all."""
    for place in range(places):
        name = f"place-{place}.lock" if place else DEVICE_LOCK
        if (held := claim(line / name, None if place else opened)) is not None:
            return held
    return None


def _draw_ticket(line: Path, run: Path) -> tuple[Path, int | None]:
    """Return a ticket and its lock; it is locked before it is seen, or it would be swept."""
    name = f"{time.time_ns():020d}-{os.getpid()}"
    hidden, ticket = line / f".{name}", line / name
    lock = claim(hidden)
    hidden.write_text(str(run), encoding="utf-8")
    hidden.rename(ticket)
    return ticket, lock


def place(device: str, run: Path) -> int:
    """Return how many runs stand before this one on a device, the one that trains included."""
    for count, ticket in enumerate(waiting(device)):
        with suppress(FileNotFoundError):  # its run has just ended
            if ticket.read_text(encoding="utf-8") == str(run):
                return count
    return 0


def waiting(device: str) -> list[Path]:
    """Return the tickets of a device whose holders live, first come first; sweep the others."""
    alive = []
    for ticket in sorted(line_of(device).glob("[0-9]*-*")):
        if is_claimed(ticket):
            alive.append(ticket)
        else:
            ticket.unlink(missing_ok=True)
    return alive


def line_of(device: str) -> Path:
    """Return the folder of a device's lock and tickets."""
    name = "".join(char if char.isalnum() or char in "-_" else "_" for char in device)
    return private_folder(private_folder(home() / "devices") / name[:80])
