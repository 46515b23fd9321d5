"""Convolutional network named: 767 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (8, 8, 3)


def residual(x, filters, names):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    conv1 = layers.Conv2D(
        filters, 3, padding="same", activation="relu", name=names["conv1"]
    )(x)
    conv2 = layers.Conv2D(filters, 3, padding="same", name=names["conv2"])(conv1)
    shortcut = layers.Conv2D(filters, 1, padding="same", name=names["shortcut"])(x)
    x = layers.Add(name=names["add"])([conv2, shortcut])
    return layers.Activation("relu", name=names["act"])(x)


def vgg_block(x, filters, convolutions, kernel_size, names):
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
            name=names[f"conv{i + 1}"],
        )(x)
    return layers.MaxPooling2D(2, name=names["pool"])(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = residual(
        photo,
        filters=4,
        names={
            "conv1": "res2a_branch2a",
            "conv2": "res2a_branch2b",
            "shortcut": "res2a_branch1",
            "add": "res_add",
            "act": "res_act",
        },
    )
    x = vgg_block(
        x,
        filters=4,
        convolutions=2,
        kernel_size=3,
        names={
            "conv1": 'first "one"',
            "conv2": "{second}",
            "pool": "it's\\n",
        },
    )
    x = layers.Flatten(name="flat")(x)
    fc = layers.Dense(3, activation="relu", name="fc1000")(x)
    return keras.Model(inputs=photo, outputs=fc, name="named")


if __name__ == "__main__":
    build_model().summary()
