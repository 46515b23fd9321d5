"""Taking the architecture out of a Python file that our export wrote; nothing in it is run.

The text is parsed within limits (`parsing`), held against what the export writes (`allowed`), and
followed call by call with tensors that are only names (`evaluating`, `calling`), which leaves the
layers and their wiring in Keras' own form (`recording`).
"""

import json
from pathlib import Path

from blocks.imports.python.allowed import check
from blocks.imports.python.evaluating import Evaluator
from blocks.imports.python.parsing import module_of, text_of


def architecture_text(path: Path) -> str:
    """Return the JSON text of the architecture that the code in a file builds.

    Raises:
        ReadError: naming the line that is not as the export writes it, or the limit passed.
    """
    module = module_of(text_of(path))
    check(module)
    return json.dumps(Evaluator().model_of(module), allow_nan=False)


__all__ = ["architecture_text"]
