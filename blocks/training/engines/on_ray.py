"""A run on a Ray cluster, seen from its own training process: it hands out, records and waits.

The workers do the arithmetic with JAX, each on its part of a batch. Figures and checkpoints come
home to the run's folder, which is the same as that of any other run.
"""

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from blocks.errors import BlockwrightError
from blocks.training import checkpoint
from blocks.training.checkpoint import KerasModel
from blocks.training.data import load
from blocks.training.engines.local import build, save_model
from blocks.training.engines.mailbox import NAMESPACE, Mailbox, Work, files_of, put_files
from blocks.training.engines.on_ray_worker import work
from blocks.training.failing import says_no_memory, without_memory
from blocks.training.files import write_json
from blocks.training.fingerprint import fingerprint_of, require_as_started, require_same
from blocks.training.lines import epoch_line
from blocks.training.record import Recorder
from blocks.training.run import Run
from blocks.training.stopping import Stop, Stopped

ROOT = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.2
LOOK_SECONDS = 2.0
STOP_SECONDS = 15.0
LOST_WORKERS = 3
"""So often workers may be lost, with their machine or alone, before the run fails."""

ON_PROCESSORS = {"env_vars": {"JAX_PLATFORMS": "cpu"}}


class ClusterError(BlockwrightError):
    """The cluster cannot be reached; the text is a sentence for a person."""


def train(run: Run, record: Recorder, stop: Stop) -> tuple[str, str]:
    """Train a run on the cluster that its device names; return its state and a sentence.

    Raises:
        ClusterError: it cannot be reached.
    """
    try:
        with stop.may_interrupt(between_steps=True):
            model, trip = _begin(run, record, stop)
        outcome = trip.follow(stop)
    except Stopped:
        return "stopped", "it was stopped before the first step"
    record.fact("phase", "saving the model")
    checkpoint.restore(run.checkpoint_path, model)
    save_model(model, run.model_path)
    return outcome


def _begin(run: Run, record: Recorder, stop: Stop) -> "tuple[KerasModel, Trip]":
    """Hand out the work; the model is made now, so that nobody waits for it at the end."""
    record.fact("phase", "loading the data")
    require_as_started(run)
    samples = load(run.data, run.settings)
    data = fingerprint_of(samples)
    if run.checkpoint_path.exists():
        require_same(run.fingerprint, data)
    write_json(run.fingerprint_path, data)
    record.fact("phase", "building the network")
    model, _ = build(run)
    if not run.checkpoint_path.exists():  # the weights that every worker starts from
        checkpoint.save(run.checkpoint_path, model, checkpoint.Position())
    record.fact("phase", "reaching the cluster")
    _connect(run)
    stop.listen()
    return model, Trip(run, record, Work(samples, files_of(run.folder)))


def _connect(run: Run) -> None:
    """Join the cluster; the workers get this library along with their work."""
    import ray

    variables = {"KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "0"}
    try:
        ray.init(
            address=run.device.address,
            namespace=NAMESPACE,
            runtime_env={"py_modules": [str(ROOT)], "env_vars": variables},
            log_to_driver=False,
            logging_level="ERROR",
        )
    except SystemExit:  # what Ray makes of a signal while it begins
        raise Stopped(between_steps=True) from None
    except Exception as error:
        first = (str(error).strip().splitlines() or ["no more is known"])[0]
        raise ClusterError(
            f"the Ray cluster at {run.device.address} cannot be reached "
            f"({type(error).__name__}: {first[:200]})"
        ) from None


def _mailbox(name: str, todo: Work) -> Any:
    """Start the mailbox on this machine, where no lost worker takes it along."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = ray.get_runtime_context().get_node_id()
    options = {
        "name": name,
        "num_cpus": 0,
        "scheduling_strategy": NodeAffinitySchedulingStrategy(node_id=here, soft=False),
    }
    return ray.remote(Mailbox).options(**options).remote(todo)


class Trip:
    """A run on its way through the cluster."""

    def __init__(self, run: Run, record: Recorder, todo: Work) -> None:
        self._run, self._record = run, record
        self._name = f"{run.id}-{time.time_ns()}"
        self._mailbox = _mailbox(self._name, todo)
        self._outcome: tuple[str, str] | None = None
        self._error: Exception | None = None
        self._begun = False
        self._machines, self._looked = 0, 0.0

    def follow(self, stop: Stop) -> tuple[str, str]:
        """Record what the workers send until they have ended; pass Stop on to them."""
        workers = self._run.settings.workers
        wanted = f"{workers} workers" if workers > 1 else "a worker"
        self._record.fact("phase", f"waiting for room for {wanted} on the cluster")
        fit = threading.Thread(target=self._fit, daemon=True)
        fit.start()
        deadline = float("inf")
        while fit.is_alive() and self._outcome is None and time.monotonic() < deadline:
            self._take()
            self._look()
            try:
                stop.check()
            except Stopped:
                if deadline == float("inf"):
                    self._mailbox.stop.remote()
                    deadline = time.monotonic() + (STOP_SECONDS if self._begun else 0)
            time.sleep(POLL_SECONDS)
        self._take()
        return self._outcome or self._without_outcome(deadline < float("inf"))

    def _without_outcome(self, stopped: bool) -> tuple[str, str]:
        if stopped:
            return "stopped", "stopped before the workers answered; the last checkpoint is kept"
        if says_no_memory(str(self._error)):
            return "failed", without_memory(self._run)
        why = (str(self._error).strip().splitlines() or [""])[-1] if self._error else "no word"
        return "failed", (
            f"the cluster lost its workers {LOST_WORKERS + 1} times ({why[:200]}); the last "
            "checkpoint is kept, resume it"
        )

    def _take(self) -> None:
        """Write down what has come in."""
        import ray

        calls, files, outcome = ray.get(self._mailbox.take.remote())
        put_files(self._run.folder, files)
        for name, arguments in calls:
            getattr(self._record, name)(*arguments)
            if name == "epoch":
                print(epoch_line(arguments[0], self._run.settings.epochs), flush=True)
        self._begun = self._begun or bool(calls)
        self._outcome = outcome

    def _look(self) -> None:
        """Say when a machine of the cluster is gone; Ray starts the workers anew by itself."""
        import ray

        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        alive = sum(node["Alive"] for node in ray.nodes())
        if alive < self._machines:
            self._record.fact("phase", "a machine of the cluster is gone, going on without it")
        self._machines = alive

    def _fit(self) -> None:
        """Let Ray Train start the workers, and start them anew when they are lost."""
        import ray
        from ray.train import FailureConfig, RunConfig, ScalingConfig
        from ray.train.v2.jax import JaxConfig, JaxTrainer

        workers = self._run.settings.workers
        has_gpus = ray.cluster_resources().get("GPU", 0) > 0
        try:
            with tempfile.TemporaryDirectory() as folder:
                JaxTrainer(
                    work,
                    train_loop_config={"mailbox": self._name},
                    # On processors too: without it JAX' processes would not find each other.
                    jax_config=JaxConfig(use_gpu=True),
                    scaling_config=ScalingConfig(num_workers=workers, use_gpu=has_gpus),
                    run_config=RunConfig(
                        name=self._name,
                        storage_path=folder,
                        failure_config=FailureConfig(max_failures=LOST_WORKERS),
                        worker_runtime_env={} if has_gpus else ON_PROCESSORS,
                    ),
                ).fit()
        except Exception as error:
            self._error = error
