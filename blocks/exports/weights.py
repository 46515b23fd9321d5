"""The weights alone, for a model built by the exported Python code."""

from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.keras_model import to_keras


def write(design: Design, path: Path) -> str:
    from blocks.proof.numbers import weights_digest

    model = to_keras(design)
    model.save_weights(path)
    return weights_digest(model)


FORMAT = Format(
    id="weights",
    title="Weights only",
    suffix=".weights.h5",
    mime="application/x-hdf5",
    write=write,
    heavy=True,
    text=False,
    model=True,
)
