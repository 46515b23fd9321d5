"""Keras models of every kind with random weights, and what they give."""

from collections.abc import Callable
from typing import Any

import numpy as np

PHOTO = (16, 16, 3)


def sequential() -> Any:
    from keras import Sequential, layers

    return Sequential(
        [
            layers.Input(PHOTO),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Conv2D(5, 3),
            layers.BatchNormalization(),
            layers.DepthwiseConv2D(3),
            layers.SeparableConv2D(6, 3),
            layers.Conv2DTranspose(3, 2, strides=2),
            layers.LayerNormalization(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(7),
            layers.Dense(3),
        ],
        name="in_a_row",
    )


def functional() -> Any:
    import keras
    from keras import layers

    photo = keras.Input(PHOTO, name="photo")
    stem = layers.Conv2D(8, 3, padding="same", use_bias=False, name="stem")(photo)
    left = layers.BatchNormalization(name="left_bn")(stem)
    left = layers.Conv2D(8, 3, padding="same")(layers.PReLU(shared_axes=[1, 2])(left))
    right = layers.SeparableConv2D(8, 3, padding="same")(stem)
    total = layers.Add()([left, layers.GroupNormalization(2)(right)])
    vector = layers.GlobalAveragePooling2D()(total)
    return keras.Model(photo, layers.Dense(5, name="head")(vector), name="branched")


def nested() -> Any:
    import keras
    from keras import layers

    inside = keras.Input((8, 8, 4))
    inner = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inside))
    inner = layers.BatchNormalization()(layers.Conv2D(4, 3, padding="same")(inner))
    base = keras.Model(inside, inner, name="base")
    base.layers[1].trainable = False
    tower = keras.Sequential([layers.Input((8, 8, 4)), base, layers.Conv2D(4, 1)], name="tower")
    photo = keras.Input((8, 8, 3), name="photo")
    x = tower(layers.Conv2D(4, 3, padding="same")(photo))
    return keras.Model(photo, layers.Dense(2)(layers.Flatten()(x)), name="nested")


def shared() -> Any:
    import keras
    from keras import layers

    photo = keras.Input((8, 8, 3), name="photo")
    twice = layers.Conv2D(3, 3, padding="same", name="twice")
    x = layers.BatchNormalization()(twice(twice(photo)))
    return keras.Model(photo, layers.Dense(2)(layers.Flatten()(x)), name="shared")


def frozen() -> Any:
    model = functional()
    for layer in model.layers[:4]:
        layer.trainable = False
    return model


def per_step() -> Any:
    import keras
    from keras import layers

    signal = keras.Input((12, 4), name="signal")
    x = layers.Conv1D(6, 3, padding="same")(signal)
    return keras.Model(signal, layers.TimeDistributed(layers.Dense(3))(x), name="per_step")


MODELS: dict[str, Callable[[], Any]] = {
    "sequential": sequential,
    "functional": functional,
    "nested": nested,
    "shared": shared,
    "frozen": frozen,
    "per_step": per_step,
}


def trained(make: Callable[[], Any]) -> Any:
    """A model whose weights are all drawn at random, the statistics of batch norm too."""
    import keras

    keras.backend.clear_session()
    model, rng = make(), np.random.default_rng(5)
    for weight in model.weights:
        vector, fan_in = len(weight.shape) == 1, np.prod(weight.shape[:-1])
        spread = rng.uniform(0.5, 1.5, weight.shape) if vector else None
        weight.assign(rng.normal(0, fan_in**-0.5, weight.shape) if spread is None else spread)
    return model


def outputs(model: Any) -> np.ndarray:
    shape = model.input_shape[1:]
    batch = np.random.default_rng(1).normal(size=(2, *shape)).astype("float32")
    found = np.asarray(model(batch, training=False))
    assert np.isfinite(found).all()
    return found
