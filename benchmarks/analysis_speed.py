"""How long the numbers take: our analysis beside Keras' own build and summary, and how it grows.

Three tables. The first two compare the same design in one process, in turn, so that the machine's
noise falls on both alike; the ratio is the figure to trust. Small designs are measured seven times
(medians), templates once with Keras, which needs seconds for some. The third analyses chains of up
to 10,000 layers, in processor time: numbers and problems alone, then all that the page shows.
"""

import contextlib
import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from blocks import Classifier, Conv, Design, Image, Residual, analyze, template, templates, to_keras

ROUNDS = 7
LAYERS_A_BLOCK = 7
HEAD = f"{'design':<26}{'layers':>7}{'analyze':>13}{'Keras':>13}{'ratio':>10}"


def residual_chain(blocks: int) -> Design:
    """Return a residual network of so many blocks on 64 x 64 images."""
    design = Design(f"residual_{blocks}").add("photo", Image(64, 64, 3))
    design = design.add("stem", Conv(filters=16, batch_norm=True), "photo")
    last = "stem"
    for index in range(blocks - 3):
        block = Residual(filters=16, batch_norm=True)
        design, last = design.add(f"residual_{index}", block, last), f"residual_{index}"
    return design.add("classes", Classifier(10), last)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def build_and_summarize(design: Design) -> None:
    import keras

    keras.backend.clear_session()
    with contextlib.redirect_stdout(io.StringIO()):
        to_keras(design).summary()


def stages(layers: int) -> Design:
    """Return a residual network of about so many layers, twenty repeats a stage."""
    design = Design(f"stages_{layers}").add("photo", Image(64, 64, 3))
    design = design.add("stem", Conv(filters=16), "photo")
    last = "stem"
    for index in range(round(layers / (LAYERS_A_BLOCK * 20))):
        block = Residual(filters=16, batch_norm=True)
        design, last = design.add(f"stage_{index}", block, last, repeat=20), f"stage_{index}"
    return design.add("classes", Classifier(10), last)


def everything(design: Design) -> None:
    """Work out all that the Design page shows of a design."""
    report = analyze(design)
    assert report.fields
    assert report.inference_bytes + report.training_bytes(32) + report.weighted_depth


def median(work: Callable[[], object]) -> float:
    return statistics.median(seconds(work) for _ in range(ROUNDS))


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the least processor time of several rounds: what else runs does not count."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once() for _ in range(ROUNDS))


def row(name: str, layers: int, ours: float, keras: float, ratio: float) -> str:
    return f"{name:<26}{layers:>7}{ours * 1e3:>10.2f} ms{keras * 1e3:>10.0f} ms{ratio:>9,.0f}x"


def small_designs() -> None:
    designs = [
        template("tutorial_vgg3"),
        template("tutorial_inception"),
        template("max_pool_fork"),
        residual_chain(20),
        residual_chain(120),
    ]
    build_and_summarize(designs[0])
    print(HEAD)
    for design in designs:
        pairs = [
            (seconds(partial(analyze, design)), seconds(partial(build_and_summarize, design)))
            for _ in range(ROUNDS)
        ]
        ours, keras = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(theirs / mine for mine, theirs in pairs)
        print(row(design.name, len(analyze(design).layers), ours, keras, ratio))


def every_template() -> None:
    print(f"\n{HEAD}")
    total_ours = total_keras = 0.0
    total_layers = 0
    for name in templates():
        design = template(name)
        layers = len(analyze(design).layers)
        ours = median(partial(analyze, design))
        keras = seconds(partial(build_and_summarize, design))
        total_ours, total_keras = total_ours + ours, total_keras + keras
        total_layers += layers
        print(row(name, layers, ours, keras, keras / ours))
    ratio = total_keras / total_ours
    print(row(f"all {len(templates())} in turn", total_layers, total_ours, total_keras, ratio))


def growth() -> None:
    print(f"\n{'residual stages':<26}{'layers':>7}{'analyze':>13}{'everything':>13}{'a layer':>13}")
    for asked in (1_000, 3_000, 10_000):
        design = stages(asked)
        layers = len(analyze(design).layers)
        ours = processor_seconds(partial(analyze, design))
        full = processor_seconds(partial(everything, design))
        print(
            f"{asked:<26,}{layers:>7}{ours * 1e3:>10.1f} ms{full * 1e3:>10.1f} ms"
            f"{full / layers * 1e6:>10.1f} us"
        )


def main() -> None:
    small_designs()
    every_template()
    growth()


if __name__ == "__main__":
    main()
