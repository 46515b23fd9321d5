"""Parameters that several block types have: one declaration gives each of them the same words."""

from typing import Any, Unpack

from blocks.layers.convolution import INITIALIZERS
from blocks.params import SayingMore, choice, number


def initializer(default: str = "glorot_uniform") -> Any:
    """Declare how the weights of a block's layers are drawn."""
    return choice(default, INITIALIZERS, help="How the weights are drawn before training.")


def norm_epsilon(default: float = 1e-3, **more: Unpack[SayingMore]) -> Any:
    """Declare the number that a normalisation adds to the variance before it divides."""
    help = "Small number that keeps the normalisation's division safe."
    return number(default, min=1e-9, max=1, step=1e-4, help=help, **more)


def batch_norm_epsilon() -> Any:
    """Declare it for a block whose batch normalisation can be left out."""
    return norm_epsilon(label="Batch norm epsilon", when={"batch_norm": (True,)})
