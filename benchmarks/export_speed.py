"""How long exports take and how much memory: ResNet-50 in every format, beside Keras' own save.

Each line is a fresh process that writes one format, from the design, as the editor's own child
does: `writing` is the time after its libraries are loaded, `in all` the life of the process. Peak
memory is the high-water mark of the process itself (VmHWM). The first line is the yardstick: the
same model built and saved by `keras.Model.save`, without anything of ours but the building.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from blocks import formats

ROOT = Path(__file__).parent.parent
TEMPLATE = "resnet50"
MEGABYTE = 1_000_000

CHILD = """
import sys, time
from pathlib import Path
from blocks import formats, template
name, path = sys.argv[1], Path(sys.argv[2])
if name == "model.save" or formats()[name].heavy:
    import keras
    keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
start = time.perf_counter()
if name == "model.save":
    from blocks import to_keras
    to_keras(template(sys.argv[3])).save(path)
else:
    formats()[name].write(template(sys.argv[3]), path)
seconds = time.perf_counter() - start
high = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(seconds, int(high.split()[1]) * 1024)
"""


def line(name: str, suffix: str, words: str) -> None:
    """Write one format in a process of its own, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{TEMPLATE}{suffix}"
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", CHILD, name, str(path), TEMPLATE],
            cwd=ROOT,
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=True,
        )
        in_all, size = time.perf_counter() - start, path.stat().st_size
    seconds, high = map(float, done.stdout.split()[-2:])
    figures = f"{seconds:>9.2f}{in_all:>9.1f}{high / MEGABYTE:>11,.0f}{size / MEGABYTE:>10.3f}"
    print(f"{words:<34}{figures}", flush=True)


def main() -> None:
    print(f"Exports of {TEMPLATE}")
    print(f"{'':<34}{'writing s':>9}{'in all s':>9}{'memory MB':>11}{'file MB':>10}")
    line("model.save", ".keras", "Keras' own model.save, .keras")
    line("model.save", ".h5", "Keras' own model.save, .h5")
    for name, entry in formats().items():
        line(name, entry.suffix, entry.title)


if __name__ == "__main__":
    main()
