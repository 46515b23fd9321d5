"""What a format of export is; each is declared in one file of this folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from blocks.analysis import Report
from blocks.design import Design
from blocks.errors import BlockwrightError

Write = Callable[[Design, Path], str | None]
"""Writes a design to a path; returns the digest of the weights in the file where it has any."""


class ExportError(BlockwrightError):
    """An export that could not be written, or that is not what was drawn."""


def no_hindrance(report: Report) -> str:
    """Say that every design can be had."""
    return ""


@dataclass(frozen=True)
class Format:
    """A format of export.

    `heavy` ones take seconds, not milliseconds. `text` says that `export` returns a string;
    `half_drawn` that designs with problems can be written too.
    `model` says that the file holds the model, so that a proof can load it and compare; `loader`
    names the function that does ("module:function" of a `blocks.proof.load.Loader`) for a format
    that the proof does not know by itself. Other files are proved by writing them once more.
    `tolerance` is the largest difference in outputs that a proof lets pass.
    `folder` is for a format that is a folder: the file in it that every such folder has. A path
    that ends in `suffix` is then a zip of one.
    `hindrance` says, before anything is started, why a design cannot be had in this format.
    """

    id: str
    title: str
    suffix: str
    mime: str
    write: Write
    heavy: bool = False
    text: bool = True
    half_drawn: bool = False
    model: bool = False
    folder: str = ""
    loader: str = ""
    tolerance: float = 0.0
    hindrance: Callable[[Report], str] = no_hindrance

    def folder_at(self, path: Path) -> str:
        """Return the marking file of the folder that a path will be, or nothing for a file."""
        return "" if path.name.endswith(self.suffix) else self.folder

    def refuse(self, report: Report) -> None:
        """Refuse a design that this format cannot hold.

        Raises:
            ExportError: its text names the block, or the limit.
        """
        sentence = self.hindrance(report)
        if sentence:
            raise ExportError(sentence)
