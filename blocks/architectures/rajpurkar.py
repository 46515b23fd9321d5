"""Rajpurkar et al.'s forks: on ECG signals as in the paper, and on images as a question asks."""

from blocks import (
    Activation,
    BatchNorm,
    Block,
    Classifier,
    Conv,
    Design,
    Image,
    MaxPoolFork,
    Signal,
    Template,
)

PAPER = "Rajpurkar et al. 2017, fig. 2"


def max_pool_fork() -> Design:
    """A stem, a first fork without pre-activation, three that shrink and widen, a head."""

    def fork(filters: int, subsample: int, first: bool = False) -> Block:
        return MaxPoolFork(filters, kernel_size=3, subsample=subsample, first=first)

    stem = Conv(filters=32, batch_norm=True, kernel_initializer="he_normal")
    design = (
        Design("max_pool_fork")
        .add("image_1", Image(224, 224, 3))
        .add("stem", stem, after="image_1")
        .add("fork_1", fork(32, subsample=1, first=True), after="stem")
        .add("fork_2", fork(32, subsample=2), after="fork_1")
        .add("fork_3", fork(64, subsample=2), after="fork_2")
        .add("fork_4", fork(64, subsample=2), after="fork_3")
    )
    return end(design, "fork_4", Classifier(classes=2))


def ecg_rajpurkar() -> Design:
    """16 forks of window 16; every second one halves the length, every fourth adds 64 filters."""
    stem = Conv(filters=64, kernel_size=16, batch_norm=True, kernel_initializer="he_normal")
    design = (
        Design("ecg_rajpurkar")
        .add("ecg", Signal(5_888, 1, sampling_rate=200))
        .add("stem", stem, after="ecg")
    )
    last = "stem"
    for index in range(16):
        fork = MaxPoolFork(64 * (1 + index // 4), subsample=1 + index % 2, first=index == 0)
        design, last = design.add(f"fork_{index + 1}", fork, after=last), f"fork_{index + 1}"
    scores = Classifier(classes=14, pooling="none", activation="linear")
    return end(design, last, scores).add("softmax", Activation("softmax"), after="classes")


def end(design: Design, last: str, head: Block) -> Design:
    """Close the last, not yet activated sum: normalise, activate, classify."""
    return (
        design.add("norm", BatchNorm(), after=last)
        .add("relu", Activation("relu"), after="norm")
        .add("classes", head, after="relu")
    )


FAMILY = "Max-pool fork"
TEMPLATES = [
    Template(
        "max_pool_fork",
        "Max-pool fork",
        f"{PAPER}, on images",
        "The pool beside the main line is a fork: the block's raw input, max pooled, is its "
        "shortcut.",
        max_pool_fork,
    ),
    Template(
        "ecg_rajpurkar",
        "34-layer ECG network",
        PAPER,
        "Reads an ECG of 29 seconds and names the rhythm of every 256 samples.",
        ecg_rajpurkar,
    ),
]
