from blocks.block import Block
from blocks.layers import Layers, Tensor
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
    epsilon: float = number(
        1e-3, min=1e-9, max=1, step=1e-4, help="Small number that keeps the division safe."
    )

    def build(self, nn: Layers, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return nn.batch_norm(x, momentum=self.momentum, epsilon=self.epsilon, name="")
