from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import choice, integer


class Upsample(
    Block,
    category="Pooling",
    title="Upsampling",
    rank=3,
    citation="Odena et al. 2016",
    keywords="resize enlarge unet",
):
    """Makes the size larger without weights, by repeating or interpolating values."""

    size: int = integer(
        2, min=1, max=64, headline=True, help="How many times larger the size becomes."
    )
    interpolation: str = choice(
        "nearest",
        ("nearest", "bilinear"),
        help="nearest repeats values; bilinear draws straight lines between them (images only).",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.upsample(x, self.size, interpolation=self.interpolation, name="")
