"""How data are read, fitted to the network, split, normalised and varied: declared settings."""

from dataclasses import dataclass

from blocks.params import choice, flag, integer, number, text

TASKS = ("classes", "several labels", "regression")
CHANNELS = ("as they are", "grey", "colour")
NORMALISATIONS = ("none", "0 to 1", "standardise")


@dataclass(frozen=True, kw_only=True)
class DataSettings:
    """What is done to samples and labels before a network sees them."""

    task: str = choice(
        "classes",
        TASKS,
        help="What is learned: one class for each sample, several labels that each hold or not, "
        "or numbers.",
    )
    label_column: str = text(
        "",
        max=200,
        label="Label column",
        help="Of a CSV file: the column with the label, by its name or its number from 1; several "
        "with commas between them. Empty: the last one.",
    )
    validation_share: float = number(
        0.2,
        min=0.05,
        max=0.5,
        step=0.05,
        label="Validation share",
        help="Share of the training samples kept aside to judge on after each epoch.",
    )
    test_share: float = number(
        0.0,
        min=0,
        max=0.5,
        step=0.05,
        label="Test share",
        help="Share of the samples that no training sees, to judge on at the end. Data with a "
        "test part of their own keep that one.",
    )
    height: int | None = integer(
        None,
        min=1,
        max=4_096,
        unit="pixels",
        optional=True,
        label="Resize to height",
        help="Pictures are resized to this height; empty: as it is.",
    )
    width: int | None = integer(
        None,
        min=1,
        max=4_096,
        unit="pixels",
        optional=True,
        label="Resize to width",
        help="Pictures are resized to this width; empty: as it is.",
    )
    channels: str = choice(
        "as they are",
        CHANNELS,
        label="Channels",
        help="Pictures in colour are made grey (ITU-R BT.601), grey ones get three equal channels.",
    )
    length: int | None = integer(
        None,
        min=1,
        max=10_000_000,
        unit="samples",
        optional=True,
        label="Cut or pad to length",
        help="Signals are cut at their end, or get zeros there; empty: as long as they are.",
    )
    normalisation: str = choice(
        "none",
        NORMALISATIONS,
        help="none: bytes become 0 to 1, other values stay. 0 to 1: the least and greatest value "
        "of the training part become 0 and 1. standardise: each channel of the training part gets "
        "mean 0 and variance 1.",
    )
    flip: bool = flag(
        False,
        label="Flip left and right",
        help="In training every other picture is mirrored, drawn anew each time.",
    )
    shift: float = number(
        0.0,
        min=0,
        max=0.5,
        step=0.05,
        label="Shift",
        help="In training samples are moved by up to this share of their size; edges are repeated.",
    )
    rotate: float = number(
        0.0,
        min=0,
        max=45,
        step=5,
        unit="degrees",
        label="Rotate",
        help="In training pictures are turned by up to this angle; edges are repeated.",
    )
    noise: float = number(
        0.0,
        min=0,
        max=1,
        step=0.01,
        label="Noise",
        help="In training samples get normal noise of this standard deviation, in units of their "
        "normalised values.",
    )
    scale: float = number(
        0.0,
        min=0,
        max=0.5,
        step=0.05,
        label="Scale",
        help="In training samples are multiplied by 1 plus or minus up to this share.",
    )

    @property
    def augments(self) -> bool:
        """Tell whether training samples are varied."""
        return any((self.flip, self.shift, self.rotate, self.noise, self.scale))
