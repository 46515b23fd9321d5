from blocks.block import Block
from blocks.layers import Layers, Tensor, norm_epsilon


class LayerNorm(
    Block,
    category="Shape & regularise",
    title="Layer normalisation",
    rank=5,
    citation="Ba et al. 2016, sec. 3",
    keywords="layernormalization normalize",
):
    """Brings the channels of every place to mean 0 and variance 1, each sample by itself."""

    epsilon: float = norm_epsilon()

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.layer_norm(x, epsilon=self.epsilon, name="")
