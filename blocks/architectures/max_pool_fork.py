"""What the question on StackExchange asks for: Rajpurkar's fork with the max pool, on images."""

from blocks import (
    Activation,
    BatchNorm,
    Block,
    Classifier,
    Conv,
    Design,
    Image,
    MaxPoolFork,
    Template,
)


def max_pool_fork() -> Design:
    """A stem, a first fork without pre-activation, three forks that shrink and widen, a head."""

    def fork(filters: int, subsample: int, first: bool = False) -> Block:
        return MaxPoolFork(filters, kernel_size=3, subsample=subsample, first=first)

    stem = Conv(filters=32, batch_norm=True, kernel_initializer="he_normal")
    return (
        Design("max_pool_fork")
        .add("image_1", Image(224, 224, 3))
        .add("stem", stem, after="image_1")
        .add("fork_1", fork(32, subsample=1, first=True), after="stem")
        .add("fork_2", fork(32, subsample=2), after="fork_1")
        .add("fork_3", fork(64, subsample=2), after="fork_2")
        .add("fork_4", fork(64, subsample=2), after="fork_3")
        .add("norm", BatchNorm(), after="fork_4")
        .add("relu", Activation("relu"), after="norm")
        .add("classes", Classifier(classes=2), after="relu")
    )


TEMPLATES = [
    Template(
        "max_pool_fork",
        "Max-pool fork",
        "Rajpurkar et al. 2017, fig. 2, on images",
        "The pool beside the main line is a fork: the block's raw input, max pooled, is its "
        "shortcut.",
        max_pool_fork,
    )
]
