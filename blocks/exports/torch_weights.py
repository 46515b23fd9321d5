"""PyTorch code with its weights: a zip of the code and of a state dict that `torch.load` reads."""

import tempfile
import zipfile
from pathlib import Path

import numpy as np

from blocks.analysis import analyze
from blocks.design import Design
from blocks.exports.format import Format
from blocks.exports.torch import hindrance
from blocks.exports.torch_code import torch_code
from blocks.home import UNFINISHED
from blocks.keras_model import to_keras
from blocks.proof import TOLERANCES
from blocks.proof.torch import CODE_FILE, STATE_FILE, TorchNetwork


def write(design: Design, path: Path) -> str:
    """Run the code, give its network the weights of the Keras model, and save both."""
    import torch

    from blocks.proof.network import named_weights
    from blocks.proof.numbers import weights_digest

    model = to_keras(design)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=UNFINISHED) as place:
        folder = Path(place)
        (folder / CODE_FILE).write_text(torch_code(design, STATE_FILE), encoding="utf-8")
        network = TorchNetwork(folder / CODE_FILE, analyze(design).graph)
        network.put({name: np.asarray(value) for name, value in named_weights(model).items()})
        torch.save(network.state_dict(), folder / STATE_FILE)
        with zipfile.ZipFile(path, "w") as archive:
            for name in (CODE_FILE, STATE_FILE):
                archive.write(folder / name, name)
    return weights_digest(model)


FORMAT = Format(
    id="torch_weights",
    title="Python code, PyTorch, with weights",
    suffix=".torch.zip",
    mime="application/zip",
    write=write,
    heavy=True,
    text=False,
    model=True,
    tolerance=TOLERANCES["torch_weights"],
    hindrance=hindrance,
)
