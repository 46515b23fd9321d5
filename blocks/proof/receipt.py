"""The receipt of a proof: what was compared, and how far apart it was."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from platform import python_version
from typing import Any

BLOCKWRIGHT = "0.1.0"
BATCH = 2  # samples that both models are given
WRITTEN_AGAIN = "written again"  # the one check of a file that holds no model


@dataclass(frozen=True)
class Check:
    """One comparison of a file with its design.

    `largest_difference` is a number where numbers were compared, 0.0 where they are equal bit for
    bit; `detail` says in words what was found, or what differs.
    """

    name: str
    passed: bool
    largest_difference: float | None = None
    detail: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a fresh process found when it compared a file with a design.

    `design_hash` is the structural hash of the layer graph, `sha256` that of the file.
    """

    file: str
    format: str
    design_hash: str
    sha256: str
    versions: Mapping[str, str]
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def largest_difference(self) -> float | None:
        """The largest difference of any number compared, or None where none was."""
        found = [c.largest_difference for c in self.checks if c.largest_difference is not None]
        return max(found, default=None)

    def sentence(self) -> str:
        """Say the outcome in one sentence."""
        failed = [check for check in self.checks if not check.passed]
        if failed:
            first, *rest = failed
            others = f" (and {', '.join(check.name for check in rest)})" if rest else ""
            return f"{self.file} is not what was drawn: {first.name}: {first.detail}{others}"
        compared = [check for check in self.checks if check.name != "opens"]
        if [check.name for check in compared] == [WRITTEN_AGAIN]:
            return f"{self.file} is what was drawn: {compared[0].detail}"
        names = ", ".join(check.name for check in compared)
        largest = self.largest_difference
        how = "" if largest is None else f"; the largest difference is {largest:g}"
        return f"{self.file} is what was drawn: a fresh process compared {names}{how}"

    def to_json(self) -> dict[str, Any]:
        """Return the receipt as a JSON object."""
        return {
            "file": self.file,
            "format": self.format,
            "design_hash": self.design_hash,
            "sha256": self.sha256,
            "versions": dict(self.versions),
            "checks": [asdict(check) for check in self.checks],
            "passed": self.passed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Receipt":
        """Return the receipt a JSON object describes."""
        names = ("file", "format", "design_hash", "sha256", "versions")
        checks = tuple(Check(**check) for check in data["checks"])
        return cls(**{name: data[name] for name in names}, checks=checks)


def versions(*packages: str) -> dict[str, str]:
    """Return the versions of Python, of this library and of the packages named."""
    own = {"python": python_version(), "blockwright": BLOCKWRIGHT}
    return own | {package: metadata.version(package) for package in packages}
