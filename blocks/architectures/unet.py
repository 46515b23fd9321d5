"""U-Net: an answer for every pixel."""

from blocks import (
    Block,
    Classifier,
    Design,
    Image,
    Pool,
    Template,
    UNetStep,
    VGGBlock,
)

WIDTHS = (64, 128, 256, 512)


def unet() -> Design:
    """Down four times, up four times, with a link across at every size; padding same."""

    def pair(filters: int) -> Block:
        return VGGBlock(filters, convolutions=2, pool=False)

    design, last = Design("unet").add("photo", Image(512, 512, 1)), "photo"
    for index, filters in enumerate(WIDTHS, start=1):
        design = design.add(f"down{index}", pair(filters), after=last)
        design, last = design.add(f"pool{index}", Pool(), after=f"down{index}"), f"pool{index}"
    design, last = design.add("bottom", pair(1_024), after=last), "bottom"
    for index, filters in reversed(list(enumerate(WIDTHS, start=1))):
        design = design.add(f"up{index}", UNetStep(filters), after=[last, f"down{index}"])
        last = f"up{index}"
    return design.add("pixels", Classifier(2, pooling="none"), after=last)


FAMILY = "Modern"
TEMPLATES = [
    Template(
        "unet",
        "U-Net",
        "Ronneberger et al. 2015, fig. 1, with padding",
        "Shrinks to see the whole, grows back to see each pixel, and links the sizes across.",
        unet,
    )
]
