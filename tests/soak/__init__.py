"""Long tests that try to break the editor, and what they have in common.

Each script here is one of them: `python -m tests.soak.NAME [--count N]` prints one table and ends
with 1 where it found something; `make soak` runs all of them. What a script tries is a function
`soak(count) -> list[Row]`, so that the tests which run on every change call it with a small count.
docs/reliability.md keeps the figures.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of a table: how often something was tried, and what did not survive it."""

    what: str
    tried: int = 0
    findings: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def lost(self) -> int:
        return len(self.findings)

    @property
    def survived(self) -> int:
        return self.tried - self.lost

    def check(self, holds: bool, finding: str) -> None:
        """Count one thing tried; where it does not hold, keep the sentence that says what."""
        self.tried += 1
        if not holds:
            self.findings.append(finding)


def findings(rows: Sequence[Row]) -> list[str]:
    """Return everything that did not survive; a test asserts that this is empty."""
    return [f"{row.what}: {finding}" for row in rows for finding in row.findings]


def table(rows: Sequence[Row]) -> str:
    """Return rows as a Markdown table, as docs/reliability.md has it."""
    head = "| tried | times | survived | lost | |\n|---|---|---|---|---|"
    lines = [f"| {r.what} | {r.tried:,} | {r.survived:,} | {r.lost} | {r.note} |" for r in rows]
    return "\n".join([head, *lines])


def run(soak: Callable[[int], list[Row]], count: int, about: str) -> None:
    """Be a script: read the count from the command line, soak, print the table, exit."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--count", type=int, default=count, help=f"how often; {count:,} if not said"
    )
    chosen = parser.parse_args()
    start = time.monotonic()
    rows = soak(chosen.count)
    print(f"\n{about}\n\n{table(rows)}\n\n{time.monotonic() - start:,.0f} s", flush=True)
    for finding in findings(rows):
        print(f"FOUND  {finding}", flush=True)
    sys.exit(1 if findings(rows) else 0)
