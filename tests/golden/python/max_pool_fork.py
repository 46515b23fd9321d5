"""Max-pool fork (Rajpurkar et al. 2017, fig. 2, on images): 168,962 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (224, 224, 3)
CLASSES = 2
DROPOUT = 0.2


def conv(x, filters, kernel_size, name):
    """Convolution (LeCun et al. 1989).

    One convolution: a small window of weights slides over the input, once per filter.
    """
    x = layers.Conv2D(
        filters, kernel_size, padding="same", kernel_initializer="he_normal", name=name
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn")(x)
    return layers.Activation("relu", name=f"{name}_act")(x)


def max_pool_fork_first(x, filters, kernel_size, subsample, name):
    """Max-pool fork: first (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    pool = layers.MaxPooling2D(subsample, name=f"{name}_pool")(x)
    x = layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv1",
    )(x)
    x = layers.BatchNormalization(name=f"{name}_bn2")(x)
    x = layers.Activation("relu", name=f"{name}_act2")(x)
    x = layers.Dropout(DROPOUT, name=f"{name}_dropout")(x)
    x = layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        kernel_initializer="he_normal",
        name=f"{name}_conv2",
    )(x)
    return layers.Add(name=f"{name}_add")([pool, x])


def max_pool_fork(x, filters, kernel_size, subsample, name):
    """Max-pool fork (Rajpurkar et al. 2017, fig. 2).

    Two pre-activated convolutions beside a max pooling of the raw input; both meet in a
    sum.
    """
    pool = layers.MaxPooling2D(subsample, name=f"{name}_pool")(x)
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
    x = layers.Dropout(DROPOUT, name=f"{name}_dropout")(x)
    x = layers.Conv2D(
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
    y = layers.MaxPooling2D(subsample, name=f"{name}_pool")(x)
    y = layers.Permute((3, 1, 2), name=f"{name}_widen_channels_first")(y)
    y = layers.ZeroPadding2D(((0, 32), (0, 0)), name=f"{name}_widen")(y)
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
    x = layers.Dropout(DROPOUT, name=f"{name}_dropout")(x)
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
    return layers.Dense(classes, activation="softmax", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    image_1 = keras.Input(shape=INPUT_SHAPE, name="image_1")
    x = conv(image_1, filters=32, kernel_size=3, name="stem")
    x = max_pool_fork_first(x, filters=32, kernel_size=3, subsample=1, name="fork_1")
    x = max_pool_fork(x, filters=32, kernel_size=3, subsample=2, name="fork_2")
    x = max_pool_fork_widen(x, filters=64, kernel_size=3, subsample=2, name="fork_3")
    x = max_pool_fork(x, filters=64, kernel_size=3, subsample=2, name="fork_4")
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Activation("relu", name="relu")(x)
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=image_1, outputs=classes, name="max_pool_fork")


if __name__ == "__main__":
    build_model().summary()
