"""ImageNet weights for the templates that equal a network of keras.applications."""

import json
from collections.abc import Callable
from typing import Any

from blocks.analysis import analyze, require_buildable
from blocks.carried import Carried
from blocks.design import Design
from blocks.errors import EditError, ReadError
from blocks.exports.files import replacing
from blocks.jobs import Job, OnProgress, start_job
from blocks.pretrained.table import APPLICATIONS, BASE, CLASSES
from blocks.weights import path_of, weights_folder

SECONDS = 3_600  # half a gigabyte over a slow line
MEMORY_BYTES = 6 * 1024**3
KEPT = "pretrained.json"


def has_pretrained(template_id: str) -> bool:
    """Tell whether keras.applications has weights for a template."""
    return template_id in APPLICATIONS


def start_fetch(design: Design, template_id: str) -> Job:
    """Start fetching the ImageNet weights for a design drawn from a template; returns at once.

    A design for 1,000 classes gets those of the whole network, another one those of all but its
    head. Their file is verified by the hash that Keras knows (for MobileNetV2 it knows none). The
    variable BLOCKWRIGHT_WEIGHTS_MIRROR names another address that serves the same files. The
    job's result is what `fetched` takes.

    Raises:
        ReadError: there are no weights for the template.
        DesignError: the design has problems.
    """
    if template_id not in APPLICATIONS:
        raise ReadError(
            f"there are no weights for {template_id!a:.60}; there are for {', '.join(APPLICATIONS)}"
        )
    report = analyze(design)
    require_buildable(report)
    classes = report.graph[report.graph.outputs[0]].shape[-1]
    payload = {
        "design": design.to_json(),
        "template": template_id,
        "whole": classes == CLASSES,
    }
    return start_job(
        "blocks.pretrained.child:fetch_in_child",
        payload,
        seconds=SECONDS,
        memory_bytes=MEMORY_BYTES,
        title=f"fetching the weights of {template_id}",
    )


def fetched(design: Design, result: Any) -> Design:
    """Return the design carrying the weights that a job of `start_fetch` fetched."""
    return design.apply({"weights": result})[0]


def fetch(
    design: Design,
    template_id: str,
    on_progress: OnProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Design:
    """Return the design carrying the ImageNet weights of its template; waits for them.

    Raises:
        ReadError: there are none for the template.
        JobError: they cannot be fetched, are not what they should be, or it was cancelled.
    """
    job = start_fetch(design, template_id)
    while not job.wait(0.1):
        if on_progress:
            on_progress(*job.progress)
        if cancelled and cancelled():
            job.cancel()
    return fetched(design, job.result())


def kept(template_id: str, whole: bool) -> Carried | None:
    """Return weights that were fetched before, while their file is still in the store."""
    carried = _kept().get(_key(template_id, whole))
    try:
        found = Carried.of(carried)
    except EditError:
        return None
    if found is None or not path_of(found).is_file():
        return None
    path_of(found).touch()  # a sweep leaves it to the design that will name it
    return found


def remember(template_id: str, whole: bool, carried: Carried) -> None:
    """Note that weights are in the store, so that they need not be fetched again."""
    path = weights_folder() / KEPT
    with replacing(path, ".json") as temporary:
        known = _kept() | {_key(template_id, whole): carried.to_json()}
        temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")


def _kept() -> dict[str, Any]:
    try:
        data = json.loads((weights_folder() / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _key(template_id: str, whole: bool) -> str:
    return f"{template_id}, {'with' if whole else 'without'} its head"


__all__ = ["APPLICATIONS", "BASE", "fetch", "fetched", "has_pretrained", "start_fetch"]
