"""Convolutional network small_vgg: 3,005 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (16, 16, 3)


def vgg_block_frozen(x, filters, kernel_size, name):
    """VGG block: frozen (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """
    x = layers.Conv2D(
        filters,
        kernel_size,
        padding="same",
        activation="relu",
        trainable=False,
        name=f"{name}_conv1",
    )(x)
    return layers.MaxPooling2D(2, name=f"{name}_pool")(x)


def vgg_block(x, filters, convolutions, kernel_size, name):
    """VGG block (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """
    for i in range(convolutions):
        x = layers.Conv2D(
            filters,
            kernel_size,
            padding="same",
            activation="relu",
            name=f"{name}_conv{i + 1}",
        )(x)
    return layers.MaxPooling2D(2, name=f"{name}_pool")(x)


def vgg_block_batch_norm(x, filters, convolutions, kernel_size, name):
    """VGG block: batch norm (Simonyan & Zisserman 2014, sec. 2.1).

    A few convolutions with small windows, most often before a pooling that halves the
    size.
    """
    for i in range(convolutions):
        x = layers.Conv2D(
            filters, kernel_size, padding="same", name=f"{name}_conv{i + 1}"
        )(x)
        x = layers.BatchNormalization(name=f"{name}_bn{i + 1}")(x)
        x = layers.Activation("relu", name=f"{name}_act{i + 1}")(x)
    return layers.MaxPooling2D(2, name=f"{name}_pool")(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = vgg_block_frozen(photo, filters=4, kernel_size=3, name="low")
    x = vgg_block(x, filters=8, convolutions=2, kernel_size=3, name="middle")
    x = vgg_block_batch_norm(x, filters=8, convolutions=3, kernel_size=3, name="high")
    x = layers.Flatten(name="flatten")(x)
    classes = layers.Dense(5, activation="softmax", name="classes")(x)
    return keras.Model(inputs=photo, outputs=classes, name="small_vgg")


if __name__ == "__main__":
    build_model().summary()
