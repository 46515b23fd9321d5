"""What it means for a person that training failed: a sentence, and what to do.

Every backend words the same mishap in its own way, TensorFlow between lines about its graph.
"""

import errno
import re

from blocks.errors import is_disk_full
from blocks.training.files import DISK_FULL, last_words
from blocks.training.run_folder import RunFolder

NO_MEMORY = (
    *("ResourceExhausted", "RESOURCE_EXHAUSTED", "OOM when", "Dst tensor is not initialized"),
    *("OutOfMemory", "OUT_OF_MEMORY", "out of memory", "ALLOC_FAILED"),
    *("an't allocate memory", "annot allocate memory", "std::bad_alloc", "failed to map segment"),
)
"""How TensorFlow, JAX, PyTorch, CUDA, Linux and C++ say that the memory ran out."""

GPU_LOST = (
    *("CUDA_ERROR", "CUDA error", "CUDNN_STATUS", "CUBLAS_STATUS", "GPU is lost"),
    *("Unexpected Event status", "fallen off the bus"),
)
"""How they say that a card failed, after which nothing more can be had from it."""

NOISE = re.compile(
    r'Graph execution error:|Detected at node|File "|\[\[|\[Op:|Hint:|\d+ root error'
)
MARKS = re.compile(r"\{\{[^}]*\}\} ?|\(\d+\) | ?\[Op:.*$")
LONGEST = 300


def sentence_of(error: Exception, run: RunFolder) -> str:
    """Return what an exception of a backend means for a person."""
    kind, words = type(error).__name__, f"{type(error).__name__} {error}"
    none_left = isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM
    if none_left or says_no_memory(words):
        return without_memory(run)
    if is_disk_full(error):
        return DISK_FULL
    told = _telling_line(str(error))
    if run.device.is_gpu and _says(words, GPU_LOST):
        return _without_card(run, told)
    return f"training failed with {kind}: {told}"


def sentence_of_death(code: int, run: RunFolder, log_from: int) -> str:
    """Return why a training process is gone that wrote nothing of its end.

    `code` is its exit code, below 0 that of a signal; `log_from` is where its part of the run's
    log begins, in bytes.
    """
    log = run.folder / "log.txt"
    words, last = last_words(log, 12, log_from), last_words(log, 1, log_from) or "none"
    if code == errno.ENOSPC or is_disk_full(last):
        return DISK_FULL
    if says_no_memory(words):
        return without_memory(run)
    if run.device.is_gpu and _says(words, GPU_LOST):
        return _without_card(run, next(x for x in words.splitlines() if _says(x, GPU_LOST)))
    how = f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"
    if code == -9:
        how = f"was killed; most likely {without_memory(run)}"
    return f"the training process {how}; its last words: {last[:LONGEST]}"


def says_no_memory(words: str) -> bool:
    """Tell whether words of a backend, or of Ray, mean that the memory ran out."""
    return _says(words, NO_MEMORY)


def without_memory(run: RunFolder) -> str:
    """Return the sentence for a run whose memory ran out."""
    return (
        f"the memory ran out with batches of {run.settings.batch_size}; start a new run with "
        "smaller ones, or free some memory and resume from the last checkpoint"
    )


def _without_card(run: RunFolder, told: str) -> str:
    return (
        f"{run.device.name} ({run.device.title}) failed or was lost ({told[:LONGEST]}); the last "
        "checkpoint is kept: see that nvidia-smi lists the card, and resume"
    )


def _says(words: str, signs: tuple[str, ...]) -> bool:
    return any(sign in words for sign in signs)


def _telling_line(text: str) -> str:
    """Return the first line that is about the mishap, and not about where in a graph it was."""
    lines = (line.strip() for line in text.splitlines())
    told = (MARKS.sub("", line) for line in lines if not NOISE.match(line))
    return next(filter(None, told), "no more is known")[:LONGEST]
