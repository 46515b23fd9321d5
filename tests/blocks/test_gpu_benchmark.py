"""The parts of the GPU benchmark, on the processor and with tiny sizes."""

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from blocks import Classifier, Conv, Design, Image, backends, devices

pytestmark = pytest.mark.keras

SCRIPT = Path(__file__).parent.parent.parent / "benchmarks/gpu.py"
PUBLISHED = 25_557_032
"""Parameters of torchvision's ResNet-50."""


@pytest.fixture(scope="module")
def gpu() -> Any:
    spec = spec_from_file_location("benchmark_gpu", SCRIPT)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def tiny() -> Design:
    return (
        Design("tiny")
        .add("photo", Image(12, 12, 3))
        .add("stem", Conv(filters=4, batch_norm=True), after="photo")
        .add("head", Classifier(classes=5), after="stem")
    )


def test_our_worker_and_its_memory_are_measured(gpu: Any, tmp_path: Path) -> None:
    size = gpu.Size(images=40, size=12, batch=8, classes=5)
    data = gpu.pictures(tmp_path, size)
    assert gpu.ours(tiny(), data, size, "cpu", "tensorflow") > 0
    guess, real = gpu.memory(tiny(), data, size, "cpu", "tensorflow")
    assert min(guess, real) > 1e8


@pytest.mark.skipif("torch" not in backends(), reason="PyTorch is not installed")
def test_the_peer_is_resnet_50_and_is_measured(gpu: Any) -> None:
    network = gpu.resnet50(1_000)
    assert sum(p.numel() for p in network.parameters()) == PUBLISHED
    size = gpu.Size(images=8, size=32, batch=2, classes=5)
    assert gpu.peer(size, "cpu", compiled=False, steps=2) > 0


def test_a_stopped_and_resumed_run_ends_in_the_same_weights(gpu: Any) -> None:
    assert gpu.resumed("cpu", "tensorflow") == 0


def test_without_a_gpu_it_says_so_in_a_sentence() -> None:
    if any(device.is_gpu for device in devices()):
        pytest.skip("there is a GPU here")
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No GPU here")
