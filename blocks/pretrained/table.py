"""The networks of keras.applications whose ImageNet weights fit a template, and their files."""

from typing import NamedTuple

BASE = "https://storage.googleapis.com/tensorflow/keras-applications/"
KERNELS = "weights_tf_dim_ordering_tf_kernels"
CLASSES = 1_000
"""ImageNet's, which the head of the whole network tells apart."""


class File(NamedTuple):
    """A file of weights: its address after the base, and the MD5 that Keras knows, "" for none."""

    address: str
    md5: str


class Application(NamedTuple):
    """A network of keras.applications: its name there, its file with the head and without it."""

    name: str
    whole: File
    trunk: File


def _application(name: str, folder: str, whole: str, trunk: str) -> Application:
    stem = f"{folder}/{name.lower()}_{KERNELS}"
    return Application(name, File(f"{stem}.h5", whole), File(f"{stem}_notop.h5", trunk))


_MOBILE = f"mobilenet_v2/mobilenet_v2_{KERNELS}_1.0_224"

APPLICATIONS = {
    "vgg16": _application(
        "VGG16",
        "vgg16",
        "64373286793e3c8b2b4e3219cbf3544b",
        "6d6bbae143d832006294945121d1f1fc",
    ),
    "vgg19": _application(
        "VGG19",
        "vgg19",
        "cbe5617147190e668d6c5d5026f83318",
        "253f8cb515780f3b799900260a226db6",
    ),
    "resnet50": _application(
        "ResNet50",
        "resnet",
        "2cb95161c43110f7111970584f804107",
        "4d473c1dd8becc155b73f8504c6f6626",
    ),
    "resnet101": _application(
        "ResNet101",
        "resnet",
        "f1aeb4b969a6efcfb50fad2f0c20cfc5",
        "88cf7a10940856eca736dc7b7e228a21",
    ),
    "resnet152": _application(
        "ResNet152",
        "resnet",
        "100835be76be38e30d865e96f2aaae62",
        "ee4c566cf9a93f14d82f913c2dc6dd0c",
    ),
    "densenet121": _application(
        "DenseNet121",
        "densenet",
        "9d60b8095a5708f2dcce2bca79d332c7",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    "mobilenet_v2": Application(
        "MobileNetV2", File(f"{_MOBILE}.h5", ""), File(f"{_MOBILE}_no_top.h5", "")
    ),
    "xception": _application(
        "Xception",
        "xception",
        "0a58e3b7378bc2990ea3b43d5981f1f6",
        "b0042744bf5b25fce3cb969f33bebb97",
    ),
}
"""By the id of the template that equals each, layer for layer."""
