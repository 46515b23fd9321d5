"""How long exports take and how much memory: ResNet-50 in every format, beside Keras' own save.

Each line is the median of fresh processes that write one format, from the design, as the editor's
own child does: `writing` is the time after its libraries are loaded, `in all` the life of the
process, and `proving` that of another one, which compares the last file with the design. Peak
memory is the high-water mark of the process that writes (VmHWM). The first lines are the yardstick:
the same model built and saved by `keras.Model.save`, without anything of ours but the building.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from blocks import formats
from blocks.exports import Format

ROOT = Path(__file__).parent.parent
TEMPLATE = "resnet50"
ROUNDS = 3
MEGABYTE = 1_000_000
SAVE = "model.save"

WRITE = """
import sys, time
from pathlib import Path
from blocks import formats, template
name, path = sys.argv[1], Path(sys.argv[2])
if name == "model.save" or formats()[name].heavy and not formats()[name].half_drawn:
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

PROVE = """
import sys
from blocks import formats, template
from blocks.proof.child import prove_in_child
name, path, entry = sys.argv[3], sys.argv[2], formats()[sys.argv[1]]
payload = {"design": template(name).to_json(), "path": path, "format": entry.id}
payload |= {"loader": entry.loader, "tolerance": entry.tolerance}
answer = prove_in_child(payload, lambda fraction, message: None)
assert all(check["passed"] for check in answer["checks"]), answer
"""


def process(code: str, *arguments: str) -> tuple[float, str]:
    """Run code in a process of its own; return its seconds, and what it printed last."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, TEMPLATE],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, (done.stdout.splitlines() or [""])[-1]


def line(name: str, suffix: str, words: str, entry: Format | None = None) -> None:
    """Write one format a few times, prove it, and print the medians of what it took."""
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{TEMPLATE}{suffix}"
        for _ in range(ROUNDS):
            path.unlink(missing_ok=True)
            in_all, printed = process(WRITE, name, str(path))
            seconds, high = map(float, printed.split())
            rounds.append((seconds, in_all, high / MEGABYTE))
        size = path.stat().st_size / MEGABYTE
        has_proof = entry is not None and entry.model
        proving = f"{process(PROVE, name, str(path))[0]:.1f}" if has_proof else "-"
    seconds, in_all, high = map(median, zip(*rounds, strict=True))
    figures = f"{seconds:>9.2f}{in_all:>9.1f}{proving:>11}{high:>11,.0f}{size:>10.3f}"
    print(f"{words:<34}{figures}", flush=True)


def main() -> None:
    print(f"Exports of {TEMPLATE}, medians of {ROUNDS}")
    head = f"{'writing s':>9}{'in all s':>9}{'proving s':>11}{'memory MB':>11}{'file MB':>10}"
    print(f"{'':<34}{head}")
    line(SAVE, ".keras", "Keras' own model.save, .keras")
    line(SAVE, ".h5", "Keras' own model.save, .h5")
    for name, entry in formats().items():
        line(name, entry.suffix, entry.title, entry)


if __name__ == "__main__":
    main()
