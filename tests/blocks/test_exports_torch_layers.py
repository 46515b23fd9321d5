"""Every kind of layer in PyTorch code: it computes what Keras does, or is refused by name."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from blocks import BLOCKS, Design, Image, KerasLayer, Signal, analyze, formats, torch_code
from blocks.layers import ARGUMENTS
from blocks.layers.arguments import MERGES
from tests.blocks.test_exports_torch import findings
from tests.blocks.test_layers_keras import rank_of, smallest

SHAPES = {1: None, 2: Signal(12, 4), 3: Image(9, 7, 4)}
SAME_ACTIVATIONS = (
    *("elu", "gelu", "silu", "leaky_relu", "softmax", "log_softmax", "hard_sigmoid", "mish"),
    *("hard_silu", "softsign", "softplus", "celu", "exponential", "selu", "relu6", "soft_shrink"),
    *("hard_shrink", "tanh_shrink", "hard_tanh", "log_sigmoid"),
)
OTHER_CONFIGS: list[tuple[str, dict[str, Any]]] = [
    ("Conv2D", {"filters": 4, "kernel_size": (2, 3), "strides": 2, "padding": "same"}),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "dilation_rate": 2, "padding": "same"}),
    ("Conv2D", {"filters": 4, "kernel_size": 1, "strides": 2, "padding": "same", "groups": 2}),
    ("Conv1D", {"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}),
    ("Conv1D", {"filters": 3, "kernel_size": 4, "strides": 3, "padding": "same"}),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "strides": 2}),
    ("DepthwiseConv2D", {"kernel_size": 3, "padding": "same", "strides": 2}),
    ("DepthwiseConv1D", {"kernel_size": 3, "padding": "same", "depth_multiplier": 3}),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 3, "padding": "same", "strides": 2}),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 3, "depth_multiplier": 2}),
    *(
        (f"Conv{rank}DTranspose", {"filters": 3, "kernel_size": size, "strides": stride} | pad)
        for rank in (1, 2)
        for size, stride in ((1, 2), (2, 2), (3, 2), (4, 2), (5, 3), (3, 1))
        for pad in ({}, {"padding": "same"})
    ),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": (1, 4), "strides": (2, 3)}),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": (1, 4), "strides": 3, "padding": "same"}),
    *(
        (f"{kind}Pooling{rank}D", {"pool_size": size, "strides": stride, "padding": "same"})
        for kind in ("Max", "Average")
        for rank in (1, 2)
        for size, stride in ((3, 1), (2, 1), (3, 2), (2, 2), (1, 2))
    ),
    ("AveragePooling2D", {"pool_size": (3, 5), "strides": 1, "padding": "same"}),
    ("GlobalAveragePooling2D", {"keepdims": True}),
    ("GlobalMaxPooling1D", {"keepdims": True}),
    ("BatchNormalization", {"center": False}),
    ("BatchNormalization", {"scale": False}),
    ("BatchNormalization", {"scale": False, "center": False, "momentum": 0.9}),
    ("LayerNormalization", {"axis": (1, 2, 3)}),
    ("LayerNormalization", {"center": False}),
    ("LayerNormalization", {"center": False, "scale": False}),
    ("GroupNormalization", {"groups": 2}),
    ("GroupNormalization", {"groups": -1, "center": False, "scale": False}),
    ("Dense", {"units": 3, "use_bias": False, "activation": "tanh"}),
    ("TimeDistributed", {"layer": {"class_name": "Dense", "config": {"units": 3}}}),
    ("ReLU", {"max_value": 1.5}),
    ("ReLU", {"negative_slope": 0.1}),
    ("LeakyReLU", {"negative_slope": 0.05}),
    ("ELU", {"alpha": 0.5}),
    ("PReLU", {"shared_axes": (1, 2)}),
    ("UpSampling2D", {"size": (2, 3), "interpolation": "bilinear"}),
    ("UpSampling1D", {"size": 3}),
    ("ZeroPadding2D", {"padding": ((1, 2), (3, 0))}),
    ("ZeroPadding1D", {"padding": (2, 1)}),
    ("Cropping2D", {"cropping": ((1, 2), (0, 3))}),
    ("CenterCrop", {"height": 4, "width": 3}),
    ("Resizing", {"height": 5, "width": 12}),
    ("Resizing", {"height": 5, "width": 12, "interpolation": "nearest"}),
    ("Permute", {"dims": (3, 1, 2)}),
    ("Reshape", {"target_shape": (7, -1, 2)}),
    ("Reshape", {"target_shape": (-1,)}),
    ("Rescaling", {"scale": 2.0, "offset": -1.0}),
    ("Concatenate", {"axis": 1}),
    *(("Activation", {"activation": name}) for name in SAME_ACTIVATIONS),
]


def around(kind: str, config: dict[str, Any]) -> Design:
    """Return a design of one layer, on the input it takes; merges get the input twice."""
    rank = rank_of(kind) or 3
    if kind in ("Permute", "Reshape") and len(config.get("dims", (0,) * 3)) == 2:
        rank = 2
    source = SHAPES.get(rank) or BLOCKS["KerasInput"]("5x4x6x4" if rank == 4 else "6")
    design = Design("one").add("source", source)
    sources = ["source"]
    if kind in MERGES:
        design = design.add("other", BLOCKS["Activation"]("tanh"), "source")
        sources = ["source", "other"]
    text = json.dumps(config)
    design = design.add("layer", KerasLayer(kind, text), sources)
    assert not analyze(design).errors, (kind, config, analyze(design).errors)
    return design


WITHOUT_EQUAL = {
    "Embedding",
    "GaussianDropout",
    "GaussianNoise",
    "Normalization",
    "PReLU",
    "RandomBrightness",
    "RandomContrast",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
}
"""Kinds that are refused with the fewest arguments they take."""


def repeated() -> Design:
    vector = Design("one").add("photo", Image(4, 4, 3)).add("flat", BLOCKS["Flatten"](), "photo")
    return vector.add("layer", KerasLayer("RepeatVector", '{"n": 3}'), "flat")


def all_kinds() -> list[tuple[str, Design]]:
    """Return a design for every kind of layer, and for further configs of some."""
    fewest = {"GroupNormalization": {"groups": 2}, "Reshape": {"target_shape": (-1,)}}
    cases = [
        (kind, fewest.get(kind, smallest(kind))) for kind in ARGUMENTS if kind != "RepeatVector"
    ]
    drawn = [(kind, around(kind, config)) for kind, config in (*cases, *OTHER_CONFIGS)]
    return [*drawn, ("RepeatVector", repeated())]


def obstacle(design: Design) -> str:
    return formats()["torch"].hindrance(analyze(design))


def test_a_layer_without_an_equal_is_refused_by_name() -> None:
    sentences = {kind: obstacle(design) for kind, design in all_kinds() if obstacle(design)}
    assert set(sentences) == WITHOUT_EQUAL
    for kind, sentence in sentences.items():
        assert sentence.startswith(f"layer: the layer 'layer' ({kind}) "), sentence


def test_a_formatter_and_a_linter_leave_the_code_of_every_kind_as_it_is(tmp_path: Path) -> None:
    for place, (_, design) in enumerate(all_kinds()):
        if not obstacle(design):
            (tmp_path / f"kind_{place}.py").write_text(torch_code(design), encoding="utf-8")
    for words in (["format", "--check", "--diff"], ["check", "--select", "E,F,W,I,B,UP,SIM"]):
        command = [sys.executable, "-m", "ruff", *words, "--isolated", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.keras
def test_every_other_layer_computes_what_keras_does() -> None:
    kept = [(kind, design) for kind, design in all_kinds() if not obstacle(design)]
    found = findings([design for _, design in kept])
    assert not [(kind, what) for (kind, _), what in zip(kept, found, strict=True) if what]
