"""The network in an answer on StackExchange: Rajpurkar's block without its max pool."""

from blocks import (
    Activation,
    Add,
    BatchNorm,
    Conv,
    Dense,
    Design,
    Dropout,
    Flatten,
    Image,
    Template,
)


def answer() -> Design:
    """Two residual sums, the second over a convolved shortcut; two classes."""
    plain = Conv(32, activation="linear")
    return (
        Design("stackexchange_answer")
        .add("photo", Image(224, 224, 3))
        .add("x1", Conv(32, batch_norm=True), after="photo")
        .add("x2", Conv(32, batch_norm=True), after="x1")
        .add("x2_drop", Dropout(0.2), after="x2")
        .add("x2_conv", plain, after="x2_drop")
        .add("merge_x2", Add(), after=["x1", "x2_conv"])
        .add("x3_norm", BatchNorm(), after="merge_x2")
        .add("x3_relu", Activation("relu"), after="x3_norm")
        .add("x3_drop", Dropout(0.2), after="x3_relu")
        .add("x3", Conv(64, batch_norm=True), after="x3_drop")
        .add("x3_drop_2", Dropout(0.2), after="x3")
        .add("x3_conv", Conv(64, activation="linear"), after="x3_drop_2")
        .add("conv_merge_x2", Conv(64, activation="linear"), after="merge_x2")
        .add("merge_x3", Add(), after=["conv_merge_x2", "x3_conv"])
        .add("x4_norm", BatchNorm(), after="merge_x3")
        .add("x4_relu", Activation("relu"), after="x4_norm")
        .add("x4_flat", Flatten(), after="x4_relu")
        .add("x4_dense", Dense(2, activation="linear"), after="x4_flat")
        .add("softmax", Activation("softmax"), after="x4_dense")
    )


FAMILY = "Max-pool fork"
TEMPLATES = [
    Template(
        "stackexchange_answer",
        "An answer without the max pool",
        "Data Science StackExchange, answer of 2019",
        "Adds two branches directly, where the question asks for a max pool on the shortcut.",
        answer,
        differs="Adds two branches directly where the question asks for a max pool on the "
        "shortcut; the template max_pool_fork has it.",
    )
]
