"""Residual block (Brownlee 2019, machinelearningmastery.com): 38,976 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (256, 256, 3)


def residual(x, filters, name):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    conv1 = layers.Conv2D(
        filters,
        3,
        padding="same",
        activation="relu",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    conv2 = layers.Conv2D(
        filters, 3, padding="same", kernel_initializer="he_normal", name=f"{name}_conv2"
    )(conv1)
    shortcut = layers.Conv2D(
        filters,
        1,
        padding="same",
        activation="relu",
        kernel_initializer="he_normal",
        name=f"{name}_shortcut",
    )(x)
    x = layers.Add(name=f"{name}_add")([conv2, shortcut])
    return layers.Activation("relu", name=f"{name}_act")(x)


def build_model():
    """Build the model, not yet compiled."""
    image_1 = keras.Input(shape=INPUT_SHAPE, name="image_1")
    residual_1 = residual(image_1, filters=64, name="residual_1")
    return keras.Model(inputs=image_1, outputs=residual_1, name="tutorial_residual")


if __name__ == "__main__":
    build_model().summary()
