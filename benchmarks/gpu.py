"""How many images a second ResNet-50 trains on a GPU, beside PyTorch by hand, in the same call.

Both learn from the same made-up pictures in main memory, in bfloat16: our worker as any run does
(figures, checkpoints, watching), PyTorch with `torch.compile`, channels last and no book-keeping.
The network is that of the paper, with the stride on the first 1x1. Then, on the same device: the
estimated memory beside the measured one, and a run that was stopped beside one that was not.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from blocks import (
    Classifier,
    Conv,
    Design,
    Dropout,
    Image,
    Run,
    TrainingSettings,
    adapted,
    analyze,
    backends,
    describe_data,
    devices,
    estimated,
    measured,
    start_measuring,
    start_run,
    template,
)

EPOCHS = 4
WARM_STEPS = 3
NO_GPU = "No GPU here: nothing to measure. On a machine with one: python benchmarks/gpu.py"


@dataclass(frozen=True)
class Size:
    """What is trained: pictures of size x size, so many, in batches."""

    images: int = 2_048
    size: int = 224
    batch: int = 256
    classes: int = 1_000


def pictures(folder: Path, size: Size) -> Path:
    """Write made-up pictures and labels as people bring them; each class has one at least."""
    generator = np.random.default_rng(1)
    x = generator.integers(0, 256, (size.images, size.size, size.size, 3), dtype=np.uint8)
    path = folder / "pictures.npz"
    np.savez(path, x=x, y=np.arange(size.images) % size.classes)
    return path


def ended(run: Run) -> Run:
    """Wait for a run; a failed one ends the benchmark in its own words."""
    status = run.wait()
    if status.state == "failed":
        raise SystemExit(f"{run.device.name}: {status.message}")
    return run


def ours(
    design: Design, data: Path, size: Size, device: str, backend: str, precision: str = "bfloat16"
) -> float:
    """Return the images a second of our worker, by the median step after the first ones."""
    run = ended(
        start_run(
            design,
            str(data),
            device=device,
            backend=backend,
            batch_size=size.batch,
            epochs=EPOCHS,
            precision=precision,
        )
    )
    return size.batch / median(step.seconds for step in run.metrics().steps[WARM_STEPS:])


def resnet50(classes: int) -> Any:
    """Return ResNet-50 in PyTorch, the stride on the first 1x1 as in the paper."""
    from torch import nn

    def conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> Any:
        places = {"padding": kernel // 2, "bias": False}
        return [nn.Conv2d(inputs, outputs, kernel, stride, **places), nn.BatchNorm2d(outputs)]

    class Bottleneck(nn.Module):
        def __init__(self, inputs: int, width: int, stride: int) -> None:
            super().__init__()
            first, second = conv(inputs, width, 1, stride), conv(width, width, 3)
            last = conv(width, 4 * width, 1)
            self.main = nn.Sequential(*first, nn.ReLU(), *second, nn.ReLU(), *last)
            change = stride > 1 or inputs != 4 * width
            self.side = nn.Sequential(*(conv(inputs, 4 * width, 1, stride) if change else ()))

        def forward(self, x: Any) -> Any:
            return nn.functional.relu(self.main(x) + self.side(x))

    layers = [*conv(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for stage, count in enumerate((3, 4, 6, 3)):
        for place in range(count):
            layers.append(Bottleneck(inputs, 64 << stage, 2 if stage and not place else 1))
            inputs = 256 << stage
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, classes))


def peer(size: Size, device: str, compiled: bool = True, steps: int = 20) -> float:
    """Return the images a second of PyTorch by hand, by the median step after the first ones."""
    import torch

    where = torch.device("cuda" if device.startswith("gpu") else "cpu")
    model = resnet50(size.classes).to(where, memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), 0.001)
    run = torch.compile(model) if compiled else model
    x = torch.rand(size.batch, 3, size.size, size.size).to(memory_format=torch.channels_last)
    y = torch.arange(size.batch) % size.classes
    if where.type == "cuda":
        x, y = x.pin_memory(), y.pin_memory()
    times = []
    for _ in range(WARM_STEPS + steps):
        start = time.monotonic()
        with torch.autocast(where.type, torch.bfloat16):
            found = run(x.to(where, non_blocking=True))
            loss = torch.nn.functional.cross_entropy(found, y.to(where, non_blocking=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        float(loss.detach())  # our worker reads the loss of every step too
        times.append(time.monotonic() - start)
    return size.batch / median(times[WARM_STEPS:])


def memory(design: Design, data: Path, size: Size, device: str, backend: str) -> tuple[int, int]:
    """Return the bytes of a step as they are estimated, and as they are measured."""
    settings = TrainingSettings(batch_size=size.batch, precision="bfloat16", backend=backend)
    info = describe_data(str(data), settings)
    card = next(one for one in devices() if one.name == device)
    guess = estimated(analyze(design), settings, info, card)
    job = start_measuring(design, settings, info, card)
    return guess.bytes, measured(job.result(), settings, info, card).bytes


def resumed(device: str, backend: str) -> float:
    """Return the largest difference of weights between a run that was stopped and one that was not.

    The network has batch norm, dropout and Adam: everything that carries state.
    """
    design = (
        Design("resumed")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=16, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("head", Classifier(classes=10), after="drop")
    )
    whole, broken = (
        start_run(design, "digits", device=device, backend=backend, epochs=3) for _ in range(2)
    )
    ended(whole)
    while not broken.metrics().steps and broken.status().alive:
        time.sleep(0.01)
    broken.stop()
    broken.wait()
    if broken.can_resume:
        broken.resume()
    with np.load(whole.checkpoint_path) as one, np.load(ended(broken).checkpoint_path) as other:
        names = [name for name in one.files if name != "about"]
        return max(float(np.abs(one[n].astype(float) - other[n]).max(initial=0)) for n in names)


def table(size: Size, device: str, backend: str) -> str:
    """Measure everything on a device and return the table."""
    card = next(one for one in devices() if one.name == device)
    with tempfile.TemporaryDirectory() as folder:
        data = pictures(Path(folder), size)
        sides = {"height": size.size, "width": size.size, "channels": 3}
        design = adapted(template("resnet50"), **sides, classes=size.classes)
        mine = ours(design, data, size, device, backend)
        guess, real = memory(design, data, size, device, backend)
    lines = [
        f"{card.describe()}; Keras on {backend}; {size}",
        f"our worker        {mine:10,.0f} images/s",
    ]
    if "torch" in backends():
        theirs = peer(size, device)
        lines += [f"PyTorch by hand   {theirs:10,.0f} images/s", f"share {mine / theirs:.2f}"]
    else:
        lines.append("PyTorch by hand   not installed")
    difference = resumed(device, backend)
    lines += [
        f"memory of a step  {guess / 1e9:.2f} GB estimated, {real / 1e9:.2f} GB measured",
        f"stopped and resumed: weights differ by {difference:g} at most",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure on the first GPU, or on the device that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="gpu:0")
    parser.add_argument("--backend", default=(backends() or ("tensorflow",))[0])
    for name, value in vars(Size()).items():
        parser.add_argument(f"--{name}", type=int, default=value)
    chosen = parser.parse_args()
    if chosen.device not in {device.name for device in devices()}:
        print(NO_GPU)
        return
    size = Size(**{name: getattr(chosen, name) for name in vars(Size())})
    with tempfile.TemporaryDirectory() as home:
        os.environ["BLOCKWRIGHT_HOME"] = home
        print(table(size, chosen.device, chosen.backend))


if __name__ == "__main__":
    main()
