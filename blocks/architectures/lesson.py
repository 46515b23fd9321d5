"""The same 50 layers without and with shortcuts, small enough to train in minutes anywhere."""

from blocks import Classifier, Conv, Design, Image, Residual, Template

FILTERS = 16
CONVOLUTIONS = 48


def start(name: str) -> Design:
    """An 8 x 8 digit and the first convolution."""
    design = Design(name).add("digit", Image(8, 8, 1))
    return design.add("stem", Conv(filters=FILTERS), after="digit")


def plain() -> Design:
    """Convolutions one after the other: what the gradient reaches shrinks with every one."""
    deep = Conv(filters=FILTERS)
    design = start("lesson_plain").add("deep", deep, after="stem", repeat=CONVOLUTIONS)
    return design.add("classes", Classifier(classes=10), after="deep")


def residual() -> Design:
    """The same convolutions in pairs, with a shortcut around each pair."""
    deep = Residual(filters=FILTERS)
    design = start("lesson_residual").add("deep", deep, after="stem", repeat=CONVOLUTIONS // 2)
    return design.add("classes", Classifier(classes=10), after="deep")


FAMILY = "First steps"
TEMPLATES = [
    Template(
        "lesson_plain",
        "Gradient lesson: 50 plain layers",
        "after He et al. 2015, sec. 4.1",
        "So deep without shortcuts that hardly any gradient arrives at the first layers.",
        plain,
    ),
    Template(
        "lesson_residual",
        "Gradient lesson: 50 layers with shortcuts",
        "after He et al. 2015, sec. 4.2",
        "The same convolutions with shortcuts: the gradient arrives, and the network learns.",
        residual,
    ),
]
