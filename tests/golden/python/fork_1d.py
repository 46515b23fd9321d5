"""Convolutional network ecg: 397 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (32, 2)
CLASSES = 3
DROPOUT = 0.2


def max_pool_fork_first(x, filters, kernel_size, subsample, name):
    """Max-pool fork: first (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    pool = layers.MaxPooling1D(subsample, name=f"{name}_pool")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn2")(x)
    x = layers.Activation("relu", name=f"{name}_act2")(x)
    x = layers.Dropout(DROPOUT, name=f"{name}_dropout")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv2",
    )(x)
    return layers.Add(name=f"{name}_add")([pool, x])


def max_pool_fork_widen(x, filters, kernel_size, subsample, name):
    """Max-pool fork: widen (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    y = layers.MaxPooling1D(subsample, name=f"{name}_pool")(x)
    y = layers.Permute((2, 1), name=f"{name}_widen_channels_first")(y)
    y = layers.ZeroPadding1D((0, 3), name=f"{name}_widen")(y)
    y = layers.Permute((2, 1), name=f"{name}_widen_channels_last")(y)
    x = layers.BatchNormalization(name=f"{name}_bn1")(x)
    x = layers.Activation("relu", name=f"{name}_act1")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        strides=subsample,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn2")(x)
    x = layers.Activation("relu", name=f"{name}_act2")(x)
    x = layers.Dropout(DROPOUT, name=f"{name}_dropout")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv2",
    )(x)
    return layers.Add(name=f"{name}_add")([y, x])


def max_pool_fork(x, filters, kernel_size, subsample, name):
    """Max-pool fork (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    pool = layers.MaxPooling1D(subsample, name=f"{name}_pool")(x)
    x = layers.BatchNormalization(name=f"{name}_bn1")(x)
    x = layers.Activation("relu", name=f"{name}_act1")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        strides=subsample,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn2")(x)
    x = layers.Activation("relu", name=f"{name}_act2")(x)
    x = layers.Conv1D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv2",
    )(x)
    return layers.Add(name=f"{name}_add")([pool, x])


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling1D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation="softmax", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    ecg = keras.Input(shape=INPUT_SHAPE, name="ecg")
    x = max_pool_fork_first(ecg, filters=2, kernel_size=3, subsample=1, name="first")
    x = max_pool_fork_widen(x, filters=5, kernel_size=3, subsample=2, name="grown")
    x = max_pool_fork(x, filters=5, kernel_size=3, subsample=2, name="again")
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=ecg, outputs=classes, name="ecg")


if __name__ == "__main__":
    build_model().summary()
