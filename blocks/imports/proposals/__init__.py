"""Which blocks a run of layers may be; whether it is one, `fit` decides, layer for layer.

A proposal looks at the call a block would end in and yields (block, the calls it would read).
"""

from collections.abc import Callable, Iterator

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.dense import auxiliary, classifier, dense_block, transition
from blocks.imports.proposals.inception import inception, squeeze_excite
from blocks.imports.proposals.plain import convolution, vgg_block
from blocks.imports.proposals.residual import (
    conv_next,
    inverted,
    max_pool_fork,
    residual,
    xception,
)
from blocks.imports.proposals.stem import stem, unet_step

Proposal = Callable[[Index, Call], Iterator[tuple[Block, *tuple[str, ...]]]]

PROPOSALS: tuple[Proposal, ...] = (
    residual,
    max_pool_fork,
    inverted,
    xception,
    conv_next,
    inception,
    squeeze_excite,
    dense_block,
    transition,
    stem,
    unet_step,
    vgg_block,
    auxiliary,
    classifier,
    convolution,
)
"""The larger blocks first, so that no small one takes layers from them."""
