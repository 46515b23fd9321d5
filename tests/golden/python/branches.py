"""Convolutional network branches: 372 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (8, 8, 2)
COARSE_CLASSES = 2
FINE_CLASSES = 6


def classifier(x, classes, activation, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    return layers.Dense(classes, activation=activation, name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    left = keras.Input(shape=INPUT_SHAPE, name="left")
    right = keras.Input(shape=INPUT_SHAPE, name="right")
    sum_ = layers.Add(name="sum")([left, right])
    coarse = classifier(
        sum_, classes=COARSE_CLASSES, activation="softmax", name="coarse"
    )
    wide = layers.Conv2D(5, 5, padding="same", activation="relu", name="wide")(sum_)
    narrow = layers.Conv2D(3, 3, padding="same", activation="relu", name="narrow")(sum_)
    x = layers.Concatenate(name="both")([wide, narrow])
    fine = classifier(x, classes=FINE_CLASSES, activation="linear", name="fine")
    return keras.Model(inputs=[left, right], outputs=[coarse, fine], name="branches")


if __name__ == "__main__":
    build_model().summary()
