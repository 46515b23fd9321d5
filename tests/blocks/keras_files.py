"""Architectures of Keras written by hand, for tests of the import."""

from typing import Any


def tensor(name: str, node: int = 0) -> dict[str, Any]:
    config = {"shape": [None, 8], "dtype": "float32", "keras_history": [name, node, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def layer(kind: str, name: str, *reads: str, **config: Any) -> dict[str, Any]:
    sources = [tensor(one) for one in reads]
    given_to_it = [sources] if len(sources) > 1 else sources
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, "trainable": True, **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": [{"args": given_to_it, "kwargs": {}}] if reads else [],
    }


def source(name: str = "photo", shape: Any = (None, 8, 8, 3)) -> dict[str, Any]:
    return layer("InputLayer", name, batch_shape=list(shape), sparse=False, ragged=False)


def model(*layers: dict[str, Any], output: str = "") -> dict[str, Any]:
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "drawn",
            "trainable": True,
            "layers": list(layers),
            "input_layers": [[layers[0]["name"], 0, 0]],
            "output_layers": [[output or layers[-1]["name"], 0, 0]],
        },
        "keras_version": "3.15.1",
    }


def multiplying() -> dict[str, Any]:
    """Return a model of 18 models in one another, each of which calls the one inside it twice."""
    inner = model(source("i0", (None, 8)), layer("ReLU", "r", "i0"))
    for level in range(1, 19):
        name = f"m{level}"
        entry = {**inner, "name": name, "config": {**inner["config"], "name": name}}
        calls = [(f"i{level}", 0), (name, 0)]
        entry["inbound_nodes"] = [{"args": [tensor(*call)], "kwargs": {}} for call in calls]
        inner = model(source(f"i{level}", (None, 8)), entry)
        inner["config"]["output_layers"] = [[name, 1, 0]]
    return inner


CONV = layer("Conv2D", "conv", "photo", filters=4, kernel_size=[3, 3])
SMALL = model(source(), CONV)


KERAS_2 = {
    "class_name": "Functional",
    "config": {
        "name": "old",
        "layers": [
            {
                "class_name": "InputLayer",
                "config": {
                    "batch_input_shape": [None, 16, 16, 3],
                    "dtype": "float32",
                    "sparse": False,
                    "ragged": False,
                    "name": "input_1",
                },
                "name": "input_1",
                "inbound_nodes": [],
            },
            {
                "class_name": "SeparableConv2D",
                "config": {
                    "name": "block1/sepconv",
                    "trainable": True,
                    "dtype": "float32",
                    "filters": 8,
                    "kernel_size": [3, 3],
                    "strides": [1, 1],
                    "padding": "same",
                    "data_format": "channels_last",
                    "dilation_rate": [1, 1],
                    "groups": 1,
                    "activation": "relu",
                    "use_bias": False,
                    "kernel_initializer": {
                        "class_name": "GlorotUniform",
                        "config": {"seed": None},
                    },
                    "depthwise_initializer": {
                        "class_name": "GlorotUniform",
                        "config": {"seed": None},
                    },
                    "depth_multiplier": 1,
                },
                "name": "block1/sepconv",
                "inbound_nodes": [[["input_1", 0, 0, {}]]],
            },
            {
                "class_name": "BatchNormalization",
                "config": {"name": "bn", "axis": [3], "momentum": 0.99, "epsilon": 0.001},
                "name": "bn",
                "inbound_nodes": [[["block1/sepconv", 0, 0, {"training": None}]]],
            },
            {
                "class_name": "LeakyReLU",
                "config": {"name": "leaky", "alpha": 0.1},
                "name": "leaky",
                "inbound_nodes": [[["bn", 0, 0, {}]]],
            },
            {
                "class_name": "Add",
                "config": {"name": "sum"},
                "name": "sum",
                "inbound_nodes": [[["bn", 0, 0, {}], ["leaky", 0, 0, {}]]],
            },
        ],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["sum", 0, 0]],
    },
    "keras_version": "2.11.0",
    "backend": "tensorflow",
}
