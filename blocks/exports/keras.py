"""The model as Keras' own file."""

from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.keras_model import to_keras


def write(design: Design, path: Path) -> str:
    from blocks.proof.numbers import weights_digest

    model = to_keras(design)
    model.save(path)
    return weights_digest(model)


FORMAT = Format(
    id="keras",
    title="Keras model",
    suffix=".keras",
    mime="application/zip",
    write=write,
    heavy=True,
    text=False,
    model=True,
)
