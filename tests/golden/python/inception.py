"""Convolutional network inception: 826 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (8, 8, 3)
CLASSES = 4


def naive_inception(x, filters_1x1, filters_3x3, filters_5x5, name):
    """Naive inception (Szegedy et al. 2014, fig. 2a).

    Convolutions with windows of 1, 3 and 5 and a max pooling, side by side.
    """
    conv_1x1 = layers.Conv2D(
        filters_1x1, 1, padding="same", activation="relu", name=f"{name}_conv_1x1"
    )(x)
    conv_3x3 = layers.Conv2D(
        filters_3x3, 3, padding="same", activation="relu", name=f"{name}_conv_3x3"
    )(x)
    conv_5x5 = layers.Conv2D(
        filters_5x5, 5, padding="same", activation="relu", name=f"{name}_conv_5x5"
    )(x)
    pool = layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(x)
    return layers.Concatenate(name=f"{name}_concat")(
        [conv_1x1, conv_3x3, conv_5x5, pool]
    )


def inception(x, filters_1x1, filters_3x3, filters_5x5, pool_projection, name):
    """Inception (Szegedy et al. 2014, fig. 2b).

    Inception with cheap 1x1 convolutions that reduce the channels before the large
    windows.
    """
    reduce_3x3 = layers.Conv2D(
        3, 1, padding="same", activation="relu", name=f"{name}_reduce_3x3"
    )(x)
    reduce_5x5 = layers.Conv2D(
        2, 1, padding="same", activation="relu", name=f"{name}_reduce_5x5"
    )(x)
    conv_1x1 = layers.Conv2D(
        filters_1x1, 1, padding="same", activation="relu", name=f"{name}_conv_1x1"
    )(x)
    conv_3x3 = layers.Conv2D(
        filters_3x3, 3, padding="same", activation="relu", name=f"{name}_conv_3x3"
    )(reduce_3x3)
    conv_5x5 = layers.Conv2D(
        filters_5x5, 5, padding="same", activation="relu", name=f"{name}_conv_5x5"
    )(reduce_5x5)
    pool = layers.MaxPooling2D(3, strides=1, padding="same", name=f"{name}_pool")(x)
    pool = layers.Conv2D(
        pool_projection,
        1,
        padding="same",
        activation="relu",
        name=f"{name}_pool_projection",
    )(pool)
    return layers.Concatenate(name=f"{name}_concat")(
        [conv_1x1, conv_3x3, conv_5x5, pool]
    )


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation="softmax", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = naive_inception(
        photo, filters_1x1=2, filters_3x3=3, filters_5x5=4, name="naive"
    )
    x = inception(
        x,
        filters_1x1=2,
        filters_3x3=4,
        filters_5x5=3,
        pool_projection=2,
        name="reduced",
    )
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=photo, outputs=classes, name="inception")


if __name__ == "__main__":
    build_model().summary()
