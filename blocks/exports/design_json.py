"""The design itself, to be opened here again."""

import json
from pathlib import Path

from blocks.design import Design
from blocks.exports.format import Format


def write(design: Design, path: Path) -> None:
    text = json.dumps(design.to_json(), indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


FORMAT = Format(
    id="json",
    title="Design",
    suffix=".json",
    mime="application/json",
    write=write,
    model=True,
)
