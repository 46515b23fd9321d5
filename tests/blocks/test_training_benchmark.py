"""The benchmark of training runs from end to end, with a small network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.keras, pytest.mark.soak]

ROOT = Path(__file__).parent.parent.parent


def test_the_benchmark_times_every_training_and_the_first_steps() -> None:
    command = [sys.executable, "benchmarks/training_speed.py", "--quick", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--backends", "tensorflow"],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    rows = re.findall(
        r"^(tensorflow|digits), ([a-z., ]*[a-z]) +([\d.]+)", done.stdout, re.MULTILINE
    )
    assert [name for _, name, _ in rows] == [
        *("model.fit", "ours", "ours, gradients reported"),
        *("cold", "made ready"),
    ]
    seconds = [float(value) for *_, value in rows]
    assert all(value > 0 for value in seconds)
    assert seconds[-1] < seconds[-2]  # what was made ready begins sooner
