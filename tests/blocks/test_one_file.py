"""A new block type is exactly one new file: the one in docs/write-a-block.md."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import json
from blocks import BLOCKS, Design, Image, analyze, catalog_schema, export
design = Design("new").add("photo", Image(8, 8, 4)).add("squeeze_1", BLOCKS["Squeeze"](), "photo")
report = analyze(design)
wrong = design.apply({"nodes": {"squeeze_1": {"params": {"ratio": 0}}}})[0]
print(json.dumps({
    "schema": [entry for entry in catalog_schema() if entry["type"] == "Squeeze"],
    "total": report.total,
    "problem": str(analyze(wrong).problems[0]),
    "code": export(design, "python"),
}))
"""


@pytest.fixture
def with_new_block(tmp_path: Path) -> Path:
    """A copy of the library with the documented block dropped into its catalogue."""
    page = (ROOT / "docs/write-a-block.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", page, re.DOTALL)
    assert code
    shutil.copytree(
        ROOT / "blocks", tmp_path / "blocks", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "blocks/catalog/squeeze.py").write_text(code[1], encoding="utf-8")
    return tmp_path


def test_the_documented_block_needs_no_other_change(with_new_block: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=with_new_block,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    (schema,) = answer["schema"]
    assert schema["title"] == "Squeeze"
    assert schema["params"][0]["max"] == 64
    assert answer["total"] == (4 * 1 + 1) + (1 * 4 + 4)
    assert answer["problem"] == "squeeze_1: ratio must be an integer from 1 to 64, got 0"
    assert "def squeeze(" in answer["code"]
