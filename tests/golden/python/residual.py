"""Convolutional network residuals: 7,468 parameters."""

import keras
from keras import layers

INPUT_SHAPE = (16, 16, 3)
CLASSES = 4


def residual(x, filters, name):
    """Residual (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    conv1 = layers.Conv2D(
        filters, 3, padding="same", activation="relu", name=f"{name}_conv1"
    )(x)
    conv2 = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(conv1)
    shortcut = layers.Conv2D(filters, 1, padding="same", name=f"{name}_shortcut")(x)
    x = layers.Add(name=f"{name}_add")([conv2, shortcut])
    return layers.Activation("relu", name=f"{name}_act")(x)


def residual_identity(x, filters, name):
    """Residual: identity (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    conv1 = layers.Conv2D(
        filters, 3, padding="same", activation="relu", name=f"{name}_conv1"
    )(x)
    conv2 = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(conv1)
    x = layers.Add(name=f"{name}_add")([conv2, x])
    return layers.Activation("relu", name=f"{name}_act")(x)


def residual_projection(x, filters, name):
    """Residual: projection (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv1")(x)
    y = layers.BatchNormalization(name=f"{name}_bn1")(y)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    shortcut = layers.Conv2D(filters, 1, padding="same", name=f"{name}_shortcut")(x)
    shortcut = layers.BatchNormalization(name=f"{name}_shortcut_bn")(shortcut)
    x = layers.Add(name=f"{name}_add")([y, shortcut])
    return layers.Activation("relu", name=f"{name}_act")(x)


def residual_bottleneck_shortcut(x, filters, stride, name):
    """Residual: bottleneck, shortcut (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    y = layers.Conv2D(
        filters // 4, 1, strides=stride, padding="same", name=f"{name}_conv1"
    )(x)
    y = layers.BatchNormalization(name=f"{name}_bn1")(y)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters // 4, 3, padding="same", name=f"{name}_conv2")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    y = layers.Activation("relu", name=f"{name}_act2")(y)
    y = layers.Conv2D(filters, 1, padding="same", name=f"{name}_conv3")(y)
    y = layers.BatchNormalization(name=f"{name}_bn3")(y)
    shortcut = layers.Conv2D(
        filters, 1, strides=stride, padding="same", name=f"{name}_shortcut"
    )(x)
    shortcut = layers.BatchNormalization(name=f"{name}_shortcut_bn")(shortcut)
    x = layers.Add(name=f"{name}_add")([y, shortcut])
    return layers.Activation("relu", name=f"{name}_act")(x)


def residual_bottleneck(x, filters, name):
    """Residual: bottleneck (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    y = layers.Conv2D(filters // 4, 1, padding="same", name=f"{name}_conv1")(x)
    y = layers.BatchNormalization(name=f"{name}_bn1")(y)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters // 4, 3, padding="same", name=f"{name}_conv2")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    y = layers.Activation("relu", name=f"{name}_act2")(y)
    y = layers.Conv2D(filters, 1, padding="same", name=f"{name}_conv3")(y)
    y = layers.BatchNormalization(name=f"{name}_bn3")(y)
    x = layers.Add(name=f"{name}_add")([y, x])
    return layers.Activation("relu", name=f"{name}_act")(x)


def residual_pre_activation_shortcut(x, filters, name):
    """Residual: pre activation, shortcut.

    Convolutions with a shortcut around them: they learn only the difference to the
    input. Source: He et al. 2015, fig. 2, fig. 5 and sec. 3.3.
    """
    y = layers.BatchNormalization(name=f"{name}_bn1")(x)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv1")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    y = layers.Activation("relu", name=f"{name}_act2")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(y)
    shortcut = layers.Conv2D(filters, 1, padding="same", name=f"{name}_shortcut")(x)
    shortcut = layers.Activation("relu", name=f"{name}_shortcut_act")(shortcut)
    return layers.Add(name=f"{name}_add")([y, shortcut])


def residual_pre_activation(x, filters, name):
    """Residual: pre activation (He et al. 2015, fig. 2, fig. 5 and sec. 3.3).

    Convolutions with a shortcut around them: they learn only the difference to the
    input.
    """
    y = layers.BatchNormalization(name=f"{name}_bn1")(x)
    y = layers.Activation("relu", name=f"{name}_act1")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv1")(y)
    y = layers.BatchNormalization(name=f"{name}_bn2")(y)
    y = layers.Activation("relu", name=f"{name}_act2")(y)
    y = layers.Conv2D(filters, 3, padding="same", name=f"{name}_conv2")(y)
    return layers.Add(name=f"{name}_add")([y, x])


def classifier(x, classes, name):
    """Classifier head (He et al. 2015, sec. 3.3).

    The end of a network that tells classes apart: one probability per class.
    """
    x = layers.GlobalAveragePooling2D(name=f"{name}_pool")(x)
    x = layers.Dropout(0.5, name=f"{name}_dropout")(x)
    return layers.Dense(classes, activation="softmax", name=name)(x)


def build_model():
    """Build the model, not yet compiled."""
    photo = keras.Input(shape=INPUT_SHAPE, name="photo")
    x = residual(photo, filters=4, name="basic")
    x = residual_identity(x, filters=4, name="same")
    x = residual_projection(x, filters=4, name="forced")
    x = residual_bottleneck_shortcut(x, filters=16, stride=2, name="deep")
    for i in range(1, 5):
        x = residual_bottleneck(x, filters=16, name=f"stage_{i}")
    x = residual_pre_activation_shortcut(x, filters=8, name="before_1")
    for i in range(2, 4):
        x = residual_pre_activation(x, filters=8, name=f"before_{i}")
    classes = classifier(x, classes=CLASSES, name="classes")
    return keras.Model(inputs=photo, outputs=classes, name="residuals")


if __name__ == "__main__":
    build_model().summary()
