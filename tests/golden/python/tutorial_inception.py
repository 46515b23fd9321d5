"""Two inception modules: 513,120 parameters.

Source: Brownlee 2019, machinelearningmastery.com.
"""

import keras
from keras import layers

INPUT_SHAPE = (256, 256, 3)


def inception(
    x,
    filters_1x1,
    reduce_3x3,
    filters_3x3,
    reduce_5x5,
    filters_5x5,
    pool_projection,
    name,
):
    """Inception (Szegedy et al. 2014, fig. 2b).

    Inception with cheap 1x1 convolutions that reduce the channels before the large
    windows.
    """
    conv_3x3 = layers.Conv2D(
        reduce_3x3, 1, padding="same", activation="relu", name=f"{name}_reduce_3x3"
    )(x)
    conv_5x5 = layers.Conv2D(
        reduce_5x5, 1, padding="same", activation="relu", name=f"{name}_reduce_5x5"
    )(x)
    conv_1x1 = layers.Conv2D(
        filters_1x1, 1, padding="same", activation="relu", name=f"{name}_conv_1x1"
    )(x)
    conv_3x3 = layers.Conv2D(
        filters_3x3, 3, padding="same", activation="relu", name=f"{name}_conv_3x3"
    )(conv_3x3)
    conv_5x5 = layers.Conv2D(
        filters_5x5, 5, padding="same", activation="relu", name=f"{name}_conv_5x5"
    )(conv_5x5)
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


def build_model():
    """Build the model, not yet compiled."""
    image_1 = keras.Input(shape=INPUT_SHAPE, name="image_1")
    x = inception(
        image_1,
        filters_1x1=64,
        reduce_3x3=96,
        filters_3x3=128,
        reduce_5x5=16,
        filters_5x5=32,
        pool_projection=32,
        name="inception_1",
    )
    inception_2 = inception(
        x,
        filters_1x1=128,
        reduce_3x3=128,
        filters_3x3=192,
        reduce_5x5=32,
        filters_5x5=96,
        pool_projection=64,
        name="inception_2",
    )
    return keras.Model(inputs=image_1, outputs=inception_2, name="tutorial_inception")


if __name__ == "__main__":
    build_model().summary()
