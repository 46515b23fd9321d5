"""The architecture as Keras JSON, without weights."""

import json
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format
from blocks.keras_model import to_keras


def write(design: Design, path: Path) -> None:
    text = json.dumps(json.loads(to_keras(design).to_json()), indent=2)
    path.write_text(text + "\n", encoding="utf-8")


FORMAT = Format(
    id="keras_json",
    title="Keras JSON, architecture only",
    suffix=".json",
    mime="application/json",
    write=write,
    heavy=True,
    model=True,
)
