"""How long the numbers take: our analysis beside Keras' own build and summary of the same design.

Both are measured in one process, in turn, so that the machine's noise falls on both alike.
Prints one table of medians; the ratio is the figure to trust.
"""

import contextlib
import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from blocks import Classifier, Conv, Design, Image, Residual, analyze, template, to_keras

ROUNDS = 7


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


def main() -> None:
    designs = [
        template("tutorial_vgg3"),
        template("tutorial_inception"),
        template("max_pool_fork"),
        residual_chain(20),
        residual_chain(120),
    ]
    build_and_summarize(designs[0])
    print(f"{'design':<22}{'layers':>7}{'analyze':>13}{'Keras':>13}{'ratio':>10}")
    for design in designs:
        pairs = [
            (seconds(lambda d=design: analyze(d)), seconds(lambda d=design: build_and_summarize(d)))
            for _ in range(ROUNDS)
        ]
        ours, keras = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(theirs / mine for mine, theirs in pairs)
        layers = len(analyze(design).layers)
        print(
            f"{design.name:<22}{layers:>7}{ours * 1e3:>10.2f} ms{keras * 1e3:>10.0f} ms"
            f"{ratio:>9,.0f}x"
        )


if __name__ == "__main__":
    main()
