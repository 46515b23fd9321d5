import json
from typing import Any

from blocks.block import MANY, Block
from blocks.errors import LayerError
from blocks.layers import ARGUMENTS, Layers, Tensor
from blocks.params import choice, text


class KerasLayer(
    Block,
    category="Shape & regularise",
    title="Keras layer",
    rank=9,
    inputs=MANY,
    citation="Keras, the layers API",
    keywords="any other import raw class config",
):
    """Any layer of Keras, by its class and its arguments; imports use it for what has no block."""

    layer: str = choice(
        "ReLU", tuple(sorted(ARGUMENTS)), headline=True, help="The class in keras.layers."
    )
    config: str = text(
        "{}",
        max=2_000,
        help='Its arguments as a JSON object, such as {"negative_slope": 0.1}; what is left out '
        "takes Keras' default.",
    )
    shared: str = text(
        "",
        max=200,
        help="Layers with the same word here are one layer, called once for each: they share "
        "their weights. The word is the layer's name.",
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        return nn.stock(str(self.layer), inputs, arguments(str(self.config)), str(self.shared))


def arguments(config: str) -> dict[str, Any]:
    """Return the arguments a JSON text stands for.

    Raises:
        LayerError: the text is not a JSON object, or holds a number that is not finite.
    """
    try:
        found = json.loads(config, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise LayerError(
            f'config must be a JSON object such as {{"units": 10}}, got {config!a:.60}'
        ) from None
    if not isinstance(found, dict):
        raise LayerError(f"config must be a JSON object, got {config!a:.60}")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
