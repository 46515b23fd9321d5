"""From a design to PyTorch code: one module per type of block, loops where layers repeat.

The blocks are traced and laid on top of each other as for Keras code. What is different here: some
layers become one statement (`fusing`), every layer becomes a submodule and an expression of the
forward pass (`operation` and the files of each family), which know the channels that come in as a
formula (`steps`), and a block is a class (`classes`) of the network's (`network`).
"""

from blocks.exports.torch_code.module import obstacle, torch_code

__all__ = ["obstacle", "torch_code"]
