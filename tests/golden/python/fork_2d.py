"""Convolutional network forks: 1,244 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (8, 8, 3)
CLASSES = 3


def max_pool_fork(x, filters, kernel_size, subsample, name):
    """Max-pool fork (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    y = layers.MaxPooling2D(subsample, name=f"{name}_pool")(x)
    y = layers.Permute((3, 1, 2), name=f"{name}_widen_channels_first")(y)
    y = layers.ZeroPadding2D(((0, 2), (0, 0)), name=f"{name}_widen")(y)
    y = layers.Permute((2, 3, 1), name=f"{name}_widen_channels_last")(y)
    x = layers.BatchNormalization(name=f"{name}_bn1")(x)
    x = layers.Activation("relu", name=f"{name}_act1")(x)
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=subsample,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn2")(x)
    x = layers.Activation("relu", name=f"{name}_act2")(x)
    x = layers.Dropout(0.2, name=f"{name}_dropout")(x)
    x = layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv2",
    )(x)
    return layers.Add(name=f"{name}_add")([y, x])


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation="sigmoid", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = max_pool_fork(photo, filters=5, kernel_size=3, subsample=2, name="grown")
    x = max_pool_fork(x, filters=7, kernel_size=3, subsample=2, name="more")
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=photo, outputs=classes, name="forks")


if __name__ == "__main__":
    build_model().summary()
