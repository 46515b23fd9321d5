from blocks.block import Block
from blocks.layers import Layers, Tensor
from blocks.params import number


class LayerNorm(
    Block,
    category="Shape & regularise",
    title="Layer normalisation",
    rank=5,
    citation="Ba et al. 2016, sec. 3",
    keywords="layernormalization normalize",
):
    """Brings the channels of every place to mean 0 and variance 1, each sample by itself."""

    epsilon: float = number(
        1e-3, min=1e-9, max=1, step=1e-4, help="Small number that keeps the division safe."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.layer_norm(x, epsilon=self.epsilon, name="")
