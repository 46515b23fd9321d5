"""Making ready to train: the data, the compiled model, and its functions, traced ahead of time.

Used in the training process only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks.analysis import analyze
from blocks.design import Design
from blocks.training import checkpoint
from blocks.training.backends import BACKENDS, resolved
from blocks.training.checkpoint import KerasModel
from blocks.training.data import Samples, load, varied
from blocks.training.engines.backend import backend
from blocks.training.engines.local import ready, require_device
from blocks.training.fingerprint import fingerprint_of
from blocks.training.loop import FIRST_STEP, GRADIENTS, VALIDATION
from blocks.training.plan import Plan
from blocks.training.settings import TrainingSettings
from blocks.training.target import Targets
from blocks.training.watching import Learn, Watch, groups_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """All that training needs but a folder; `traced` has the calls that were traced already."""

    model: KerasModel
    targets: Targets
    samples: Samples
    watch: Watch
    learn: Learn
    fingerprint: Mapping[str, Any]
    traced: set[str] = field(default_factory=set)


def prepared(plan: Plan, say: Say) -> Prepared:
    """Load the data of a plan and build its model; `say` is told what happens.

    Raises:
        EngineError: the device cannot be used.
        DataError: the data cannot be loaded.
    """
    say(f"loading {BACKENDS[resolved(plan.settings.backend)]}")
    require_device(plan.device)
    say("loading the data")
    samples = load(plan.data, plan.settings)
    say("building the network")
    with backend().spread(plan.device.count):
        model, targets = ready(plan.design, plan.settings)
    watch = watch_of(plan.design, plan.settings, model, targets)
    learn = backend().learner_of(model, plan.device.count, plan.settings.seed)
    return Prepared(model, targets, samples, watch, learn, fingerprint_of(samples))


def watch_of(
    design: Design, settings: TrainingSettings, model: KerasModel, targets: Targets
) -> Watch:
    """Return what watches a model while it is trained."""
    groups = groups_of(analyze(design).graph)
    watched = settings.watch_gradients and groups
    return Watch(
        backend().judge_of(model, targets.each[0].output),
        backend().measure_of(model, groups) if watched else None,
        groups,
    )


def rehearse(
    found: Prepared, settings: TrainingSettings, say: Say, hurried: Callable[[], bool]
) -> None:
    """Do every call of training once, and put all variables back to where they were.

    TensorFlow traces a function and prepares its graph when it is first called; the calls after
    that are the same ones, so a rehearsed training ends in the same weights, to the last bit.
    Once `hurried` says so, what is not needed for a first step is left for later.
    """
    model, samples, targets = found.model, found.samples, found.targets
    before = checkpoint.state_of(model)
    batch = min(settings.batch_size, len(samples.x))
    x, y = varied(samples.x[:batch], settings, 0, 0), targets.of(samples.y[:batch])

    def judge() -> None:
        count = len(samples.x_validation)
        for size in dict.fromkeys((min(batch, count), count % batch)):  # as validation has them
            if size:
                labels = targets.of(samples.y_validation[:size])
                found.watch.judge(samples.x_validation[:size], labels)

    calls: dict[str, Callable[[], object]] = {FIRST_STEP: lambda: found.learn(x, y)}
    if measure := found.watch.measure:
        calls[GRADIENTS] = lambda: measure(x, y)
    calls[VALIDATION] = judge
    for name, call in calls.items():
        if name == FIRST_STEP or not hurried():
            say(f"preparing {name}")
            call()
            found.traced.add(name)
    checkpoint.set_state(model, before)
