"""Convolutional network own: 745 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (16, 16, 3)
SIDE_CLASSES = 2
CLASSES = 3


def conv(x, filters, kernel_size, name):
    """Convolution (LeCun et al. 1989).

    One convolution: a small window of weights slides over the input, once per filter.
    """
    x = layers.Conv2D(filters, kernel_size, padding="same", name=name)(x)
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_act")(x)


def fork(x, filters, name):
    """Fork.

    A block of this design, used with these arguments.
    """
    x = layers.Conv2D(
        filters, 3, padding="same", activation="relu", name=f"{name}_one"
    )(x)
    two = conv(x, filters=filters, kernel_size=3, name=f"{name}_two")
    x = layers.Add(name=f"{name}_sum")([two, x])
    return two, x


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation="softmax", name=name)(x)


def step(x, name):
    """Step.

    A block of this design, used with these arguments.
    """
    x = layers.Conv2D(4, 3, padding="same", name=f"{name}_a")(x)
    return layers.Activation("relu", name=f"{name}_b")(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    fork_1_two, fork_1_sum = fork(photo, filters=4, name="fork_1")
    x = layers.MaxPooling2D(2, name="pool")(fork_1_two)
    side = classifier(x, classes=SIDE_CLASSES, name="side")
    x = fork_1_sum
    for i in range(1, 4):
        x = step(x, name=f"step_1_{i}")
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=photo, outputs=[side, classes], name="own")


if __name__ == "__main__":
    build_model().summary()
