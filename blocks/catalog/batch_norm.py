from blocks.block import Block
from blocks.layers import Layers, Tensor, norm_epsilon
from blocks.params import number


class BatchNorm(
    Block,
    category="Shape & regularise",
    title="Batch normalisation",
    rank=1,
    citation="Ioffe & Szegedy 2015, alg. 1",
    keywords="batchnormalization normalize",
):
    """Brings every channel to mean 0 and variance 1 over the batch, then scales and shifts it."""

    momentum: float = number(
        0.99, min=0, max=1, step=0.01, help="How slowly the running mean and variance follow."
    )
    epsilon: float = norm_epsilon()

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.batch_norm(x, momentum=self.momentum, epsilon=self.epsilon, name="")
