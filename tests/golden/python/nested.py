"""Convolutional network nested: 4,393 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (16, 16, 3)
CLASSES = 3


def vgg_block(x, filters, convolutions, kernel_size, name):
    """VGG block (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """
    for i in range(convolutions):
        x = layers.Conv2D(
            filters, kernel_size, padding="same", name=f"{name}_conv{i + 1}"
        )(x)
        x = layers.BatchNormalization(name=f"{name}_bn{i + 1}")(x)
        x = layers.Activation("relu", name=f"{name}_act{i + 1}")(x)
    return x


def unit(x, width, depth, name):
    """Unit.

    A block of this design, used with these arguments.
    """
    x = vgg_block(
        x, filters=width, convolutions=depth, kernel_size=3, name=f"{name}_low"
    )
    y = layers.Conv2D(
        width,
        3,
        padding="same",
        activation="relu",
        name=f"{name}_left",
    )(x)
    return x, y


def stage(x, filters, depth, name):
    """Stage.

    A block of this design, used with these arguments.
    """
    unit_1_low, unit_1_left = unit(x, width=filters, depth=depth, name=f"{name}_unit_1")
    return layers.Add(name=f"{name}_sum")([unit_1_left, unit_1_low])


def residual(x, filters, name):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv1")(x)
    y = layers.BatchNormalization(name=f"{name}_bn1")(y)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    x = layers.Add(name=f"{name}_add")([y, x])
    return layers.Activation("relu", name=f"{name}_act")(x)


def tower(x, width, deep, name):
    """Tower.

    A block of this design, used with these arguments.
    """
    for i in range(3):
        x = stage(x, filters=width, depth=deep, name=f"{name}_stage_1_{i + 1}")
    return residual(x, filters=width, name=f"{name}_end")


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation="softmax", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = tower(photo, width=4, deep=2, name="tower_1")
    x = tower(x, width=6, deep=1, name="wide")
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=photo, outputs=classes, name="nested")


if __name__ == "__main__":
    build_model().summary()
