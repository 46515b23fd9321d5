"""Three VGG blocks: 2,325,568 parameters.

Source: Brownlee 2019, machinelearningmastery.com.
"""

import keras
from keras import layers

INPUT_SHAPE = (256, 256, 3)


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


def build_model():
    """Build the model, not yet compiled."""
    image_1 = keras.Input(shape=INPUT_SHAPE, name="image_1")
    x = vgg_block(
        image_1, filters=64, convolutions=2, kernel_size=3, name="vgg_block_1"
    )
    x = vgg_block(x, filters=128, convolutions=2, kernel_size=3, name="vgg_block_2")
    vgg_block_3 = vgg_block(
        x, filters=256, convolutions=4, kernel_size=3, name="vgg_block_3"
    )
    return keras.Model(inputs=image_1, outputs=vgg_block_3, name="tutorial_vgg3")


if __name__ == "__main__":
    build_model().summary()
