from blocks.block import NONE, Block
from blocks.errors import LayerError
from blocks.layers import Layers, Tensor
from blocks.params import choice, integer, text

LONGEST_AXIS = 100_000_000


class KerasInput(
    Block,
    category="Input",
    title="Other input",
    rank=9,
    inputs=NONE,
    citation="Keras, keras.Input",
    keywords="keras tensor vector volume table dtype",
):
    """Tensors of any shape come in here: vectors, volumes, sequences of images, whole numbers."""

    shape: str = text(
        "10",
        max=100,
        headline=True,
        help="Length of every axis but the batch, such as 16x64x64x1; ? leaves an axis open.",
    )
    dtype: str = choice(
        "float32",
        ("float32", "float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool"),
        help="What the values are; anything but float32 is converted by the layers that follow.",
    )
    batch_size: int | None = integer(
        None,
        min=1,
        max=1_000_000,
        optional=True,
        help="Fixes how many samples come at once; empty leaves it open, as it should be.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        lengths = tuple(_length(part) for part in str(self.shape).split("x"))
        config = {"dtype": str(self.dtype)} if self.dtype != "float32" else {}
        batch = {"batch_size": self.batch_size} if self.batch_size else {}
        return nn.layer("InputLayer", [], {"shape": lengths, **config, **batch})


def _length(part: str) -> int | None:
    if part.strip() == "?":
        return None
    if not (part.strip().isascii() and part.strip().isdigit()) or not (
        1 <= int(part[:12]) <= LONGEST_AXIS
    ):
        raise LayerError(
            f"shape must be lengths from 1 to {LONGEST_AXIS:,} or ? with x between them, "
            f"got {part!a:.40}"
        )
    return int(part)
