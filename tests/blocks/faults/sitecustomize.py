"""What may befall a training process, brought about at a step of its choice.

Python imports a file of this name when it starts. A test that puts this folder on PYTHONPATH and
`FAULT:STEP` into BLOCKWRIGHT_FAULT has real runners start real training processes, each of which
meets the fault in its step STEP, counted from 1. The errors are the system's and TensorFlow's own
wherever they can be had without the hardware that makes them.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from functools import wraps
from typing import Any

ILLEGAL_ADDRESS = (
    "Graph execution error:\n\nDetected at node conv2d defined at (most recent call last):\n"
    '  File "train.py", line 3, in <module>\n\nFailed to synchronize stream: CUDA_ERROR_ILLEGAL_'
    "ADDRESS: an illegal memory access was encountered\n\t [[{{node conv2d}}]] [Op:__inference_1]"
)
"""As TensorFlow words a card that went away."""


def numpy_has_no_memory(_: Any) -> None:
    import numpy as np

    np.empty(1 << 50)


def tensorflow_has_no_memory(_: Any) -> None:
    import tensorflow as tf

    tf.function(lambda x: tf.reduce_sum(tf.tile(x, [1 << 46])))(tf.zeros([1]))


def c_has_no_memory(_: Any) -> None:
    operator_new = ctypes.CDLL("libstdc++.so.6")._Znwm
    operator_new.argtypes = [ctypes.c_size_t]
    operator_new(1 << 62)


def linux_has_no_memory(_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def the_card_is_lost(_: Any) -> None:
    import tensorflow as tf

    raise tf.errors.InternalError(None, None, ILLEGAL_ADDRESS)


def the_weights_overflow(model: Any) -> None:
    model.trainable_variables[0].assign(model.trainable_variables[0] * float("inf"))


def bring_about(fault: str, at: int) -> None:
    """Let the training in this process meet a fault in a step."""
    from blocks.training.engines import on_tensorflow

    learner_of = on_tensorflow.learner_of

    @wraps(learner_of)
    def faulty(model: Any, *arguments: Any) -> Any:
        learn, steps = learner_of(model, *arguments), iter(range(1, sys.maxsize))

        def step(x: Any, y: Any) -> Mapping[str, Any]:
            figures = learn(x, y)
            if next(steps) == at:
                globals()[fault](model)
            return figures

        return step

    on_tensorflow.learner_of = faulty
    if fault == the_card_is_lost.__name__:
        on_tensorflow.gpus = lambda: 1


if "blocks.training.worker" in sys.orig_argv and os.environ.get("BLOCKWRIGHT_FAULT"):
    _fault, _, _step = os.environ["BLOCKWRIGHT_FAULT"].partition(":")
    bring_about(_fault, int(_step))
