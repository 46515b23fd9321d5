"""Keras on JAX: its GPUs, and what a run's watching computes, compiled once for each."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from blocks.keras_model import all_of
from blocks.training.contents import Array
from blocks.training.engines.sharing import part
from blocks.training.engines.watched import Watched
from blocks.training.watching import Group, Judge, Learn, Measure

if TYPE_CHECKING:
    import keras


def gpus() -> int:
    """Return how many GPUs JAX can use in this process."""
    import jax

    return sum(device.platform != "cpu" for device in jax.local_devices())


def peak_gpu_bytes() -> int:
    """Return the most memory that was in use on the first GPU so far."""
    import jax

    found = jax.local_devices()[0].memory_stats() or {}
    return int(found.get("peak_bytes_in_use", 0))


def spread(devices: int) -> AbstractContextManager[object]:
    """Return the context in which a model is built that several devices train together.

    It holds on after its end: Keras asks for the distribution at every step.
    """
    import jax
    import keras

    if devices > 1:
        names = [f"{device.platform}:{device.id}" for device in jax.devices()[:devices]]
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=names))
    return nullcontext()


def learner_of(model: "keras.Model", devices: int, seed: int) -> Learn:
    """Return what takes one step on a batch; each process hands Keras its own part of it."""
    import jax

    count, place = jax.process_count(), jax.process_index()

    def learn(x: Array, y: Any) -> Mapping[str, Any]:
        mine = part(x, place, count), part(y, place, count)
        return cast(Mapping[str, Any], model.train_on_batch(*mine, return_dict=True))

    return learn


def _shared(batch: Any) -> Any:
    """Return a batch that all processes have as one that is spread over all devices."""
    import jax
    import keras

    distribution = keras.distribution.distribution()
    if distribution is None:
        return batch
    if isinstance(batch, dict):
        return {name: _shared(values) for name, values in batch.items()}
    layout = distribution.get_data_layout(batch.shape).backend_layout
    mine = part(batch, jax.process_index(), jax.process_count())
    return jax.make_array_from_process_local_data(layout, mine)


def _whole() -> Any:
    """Return the words for `jax.jit` that every process gets the whole of what is computed."""
    import jax
    import keras

    distribution = keras.distribution.distribution()
    if distribution is None:
        return {}
    mesh = distribution.device_mesh.backend_mesh
    return {"out_shardings": jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec())}


def judge_of(model: "keras.Model", output: str) -> Judge:
    """Return what judges a batch as `test_on_batch` does, and hands out the predictions too.

    A smaller last batch is filled up for the prediction, or it would be compiled anew. Figures
    are made outside of the compiled function, from the predictions that belong to samples.
    """
    import jax
    import keras

    place = model.output_names.index(output)
    variables = model.variables

    def predict(values: Any, x: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return model(x, training=False)

    compiled, size = jax.jit(predict, **_whole()), 0

    def judge(x: Array, y: Any) -> tuple[dict[str, float], Array]:
        nonlocal size
        size = max(size, len(x))
        found = compiled([v.value for v in variables], _shared(_filled(x, size)))
        predicted = jax.tree.map(lambda values: np.asarray(values)[: len(x)], found)
        with keras.StatelessScope():  # the metrics of a model that is spread are spread too
            model.reset_metrics()
            loss = model.compute_loss(x=x, y=y, y_pred=predicted, training=False)
            figures = {**model.compute_metrics(x, y, predicted), "loss": loss}
        return (
            {name: float(value) for name, value in figures.items()},
            np.asarray(all_of(predicted)[place], np.float32),
        )

    return judge


def _filled(x: Array, size: int) -> Array:
    """Return samples with the first one repeated up to a count."""
    return x if len(x) == size else np.concatenate([x, np.repeat(x[:1], size - len(x), axis=0)])


def measure_of(model: "keras.Model", groups: Sequence[Group]) -> Measure:
    """Return what measures a batch: each group's gradient norm (L2) and its output's size (RMS).

    It is a training step without its end: what batch norm and dropout would keep is dropped, so
    that the model stays as it is.
    """
    import jax
    import keras
    from jax import numpy as jnp

    watched = Watched(model, groups)
    learned, kept = model.trainable_variables, model.non_trainable_variables
    place = {id(variable): index for index, variable in enumerate(learned)}
    parts = [[place[id(variable)] for variable in group] for group in watched.variables]

    def loss_of(values: Any, others: Any, x: Any, y: Any) -> Any:
        state = [*zip(learned, values, strict=True), *zip(kept, others, strict=True)]
        with keras.StatelessScope(state_mapping=state):
            return watched.step(x, y)

    def compute(values: Any, others: Any, x: Any, y: Any) -> Any:
        gradients, inside = jax.grad(loss_of, has_aux=True)(values, others, x, y)
        squares = [jnp.sum(jnp.square(gradient)) for gradient in gradients]
        norms = [jnp.sqrt(sum(squares[index] for index in part)) for part in parts]
        sizes = [jnp.sqrt(jnp.mean(jnp.square(one.astype(jnp.float32)))) for one in inside]
        return jnp.stack([jnp.stack(norms), jnp.stack(sizes)])

    compiled = jax.jit(compute, **_whole())

    def measure(x: Array, y: Any) -> tuple[Array, Array]:
        values, others = [v.value for v in learned], [v.value for v in kept]
        norms, sizes = np.asarray(compiled(values, others, _shared(x), _shared(y)))
        return norms, sizes

    return measure
