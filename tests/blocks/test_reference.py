"""The reference networks give the published numbers, row by row."""

import json
from collections import Counter
from pathlib import Path

import pytest

from blocks import analyze, template

REFERENCE = json.loads(
    (Path(__file__).parent.parent / "golden" / "architectures.json").read_text("utf-8")
)
TEMPLATE_OF = {
    "seed_vgg_block": "tutorial_vgg",
    "seed_vgg_blocks3": "tutorial_vgg3",
    "seed_naive_inception": "tutorial_inception_naive",
    "seed_inception2": "tutorial_inception",
    "seed_residual": "tutorial_residual",
    "ecg_rajpurkar2017_64k": "ecg_rajpurkar",
    "lenet5_classic": "lenet5",
    "seed_lenet5": "lenet5_seed",
    "alexnet_5conv_merged": "alexnet",
    "seed_alexnet": "alexnet_seed",
    "VGG16": "vgg16",
    "VGG19": "vgg19",
    "seed_vgg16_gap": "vgg16_gap",
    "seed_vgg19_gap": "vgg19_gap",
    "googlenet_paper_noaux": "googlenet",
    "googlenet_paper_aux": "googlenet_aux",
    "seed_googlenet_aux": "googlenet_aux_seed",
    "seed_stackexchange": "stackexchange_answer",
    "resnet18_paper_nobias": "resnet18",
    "resnet34_paper_nobias": "resnet34",
    "ResNet50": "resnet50",
    "ResNet101": "resnet101",
    "ResNet152": "resnet152",
    "seed_homework_resnet50": "resnet50_signs",
}


@pytest.mark.parametrize(
    ("template_id", "total"),
    [
        ("tutorial_vgg", 38_720),
        ("tutorial_vgg3", 2_325_568),
        ("tutorial_inception_naive", 6_272),
        ("tutorial_inception", 513_120),
        ("tutorial_residual", 38_976),
    ],
)
def test_the_tutorial_prints_these_totals(template_id: str, total: int) -> None:
    assert analyze(template(template_id)).total == total


@pytest.mark.parametrize("key", TEMPLATE_OF)
def test_totals_and_macs_equal_the_reference(key: str) -> None:
    report, expected = analyze(template(TEMPLATE_OF[key])), REFERENCE[key]
    assert report.total == expected["total"]
    assert report.trainable == expected["trainable"]
    assert report.non_trainable == expected["non_trainable"]
    assert report.macs == expected["macs_per_sample"]
    assert report.activation_bytes == 4 * expected["activation_elements_per_sample"]
    assert len(report.layers) == expected["layers"]


@pytest.mark.parametrize("key", [key for key in TEMPLATE_OF if "rows" in REFERENCE[key]])
def test_every_row_and_its_inputs_equal_the_reference(key: str) -> None:
    """Names and order are ours; kind, shape, parameters and what a row reads are Keras'."""
    report, rows = analyze(template(TEMPLATE_OF[key])), REFERENCE[key]["rows"]
    facts = {row[0]: (row[1], tuple(row[2][1:]), row[3]) for row in rows}
    expected = Counter((facts[row[0]], tuple(facts[name] for name in row[4])) for row in rows)
    own = {layer.name: (layer.kind, layer.shape, layer.params) for layer in report.layers}
    got = Counter(
        (own[layer.name], tuple(own[name] for name in layer.inputs)) for layer in report.layers
    )
    assert got == expected


def test_the_plain_network_is_its_residual_twin_without_the_projections() -> None:
    """Three 1x1 convolutions to 128, 256 and 512 channels, each with a batch normalisation."""
    plain, residual = analyze(template("plain34")), analyze(template("resnet34"))
    widths = (128, 256, 512)
    assert residual.total - plain.total == sum(w // 2 * w + 4 * w for w in widths)
    assert residual.macs - plain.macs == sum(
        w // 2 * w * side**2 for w, side in zip(widths, (28, 14, 7), strict=True)
    )


def test_unet_has_the_parameters_of_the_papers_drawing() -> None:
    """Two 3x3 convolutions a step, 2x2 up-convolutions, a 1x1 at the end; all with a bias."""

    def conv(size: int, entering: int, leaving: int) -> int:
        return size**2 * entering * leaving + leaving

    widths = (64, 128, 256, 512, 1024)
    down = sum(
        conv(3, before, w) + conv(3, w, w) for before, w in zip((1, *widths), widths, strict=False)
    )
    up = sum(conv(2, 2 * w, w) + conv(3, 2 * w, w) + conv(3, w, w) for w in widths[:-1])
    assert analyze(template("unet")).total == down + up + conv(1, 64, 2)


def test_the_homework_network_has_the_homeworks_own_layer_names() -> None:
    rows = REFERENCE["seed_homework_resnet50"]["rows"]
    named = {row[0] for row in rows if row[1] in ("Conv2D", "BatchNormalization", "Dense")}
    assert len(named) == 107
    assert named <= {layer.name for layer in analyze(template("resnet50_signs")).layers}
