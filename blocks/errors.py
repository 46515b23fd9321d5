"""What can be wrong with a design, said in sentences."""

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Repair:
    """One edit that would mend a problem, and what it changes in numbers (None: unknown).

    The changes are those of the blocks that had numbers before and of those the edit names.
    `uncovers` counts the problems further on that were hidden behind the one it mends. `settings`
    are those of a training that it changes in place of the design.
    """

    label: str
    edit: Mapping[str, Any]
    params_change: int | None = None
    macs_change: int | None = None
    uncovers: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A sentence on one node of a design; `node` is the node's name, or "" for the whole design.

    `repairs` are edits that would mend it, the one that changes least first.
    """

    node: str
    message: str
    severity: Severity = "error"
    repairs: tuple[Repair, ...] = ()
    node_id: str = ""

    @property
    def repair(self) -> Repair | None:
        """The repair that changes least, or None."""
        return self.repairs[0] if self.repairs else None

    def __str__(self) -> str:
        return f"{self.node}: {self.message}" if self.node else self.message


class BlockwrightError(Exception):
    """Anything this library refuses; its text is one or more sentences meant for a person."""


class DesignError(BlockwrightError):
    """A design that cannot be built, exported or trained; lists all of its problems at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EditError(BlockwrightError):
    """An edit that does not (or no longer) apply to a design."""


class ReadError(BlockwrightError):
    """A source that is not a design, or that goes past a limit on what is read."""


class LayerError(BlockwrightError):
    """A layer that cannot be added: the rule it breaks and the values received.

    `fix` names parameters of the surrounding block that would mend it, where there is such a way.
    """

    def __init__(self, message: str, fix: Mapping[str, Any] | None = None) -> None:
        self.fix = fix
        super().__init__(message)


class DiskFullError(BlockwrightError, OSError):
    """Something that was not written for want of room; what was there before is unchanged."""


def is_disk_full(error: object) -> bool:
    """Tell whether an error, or what a library made of it, means that nothing can be written."""
    words = str(error)
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return full or "No space left" in words or "disk is full" in words


@contextmanager
def full_disk_told(what: str) -> Iterator[None]:
    """Turn what a full disk raises inside into a sentence on what has not been done.

    Raises:
        DiskFullError: the disk is full.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error, DiskFullError) or not is_disk_full(error):
            raise
        raise DiskFullError(
            f"the disk is full, so {what}; free some space and try again"
        ) from error
