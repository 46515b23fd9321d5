"""From a design to Keras code: one function per type of block, loops where layers repeat.

No type of block is known here. A design is expanded with parameters that remember their names
(`trace`), the layers of equally built blocks are laid on top of each other (`pattern`), what
differs between them becomes the arguments of one function (`variant`), and functions and model
are written down (`body`, `module`) in the layout of a careful person (`text`).
"""

from blocks.exports.code.module import python_code

__all__ = ["python_code"]
