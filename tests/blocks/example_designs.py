"""Small designs that between them use every kind of structure an export has to carry."""

from blocks import BLOCKS as _
from blocks import Design, pack


def vgg() -> Design:
    """Three VGG blocks, one of them frozen, of one to three convolutions."""
    design = Design("small vgg").add("photo", _["Image"](16, 16, 3))
    design = design.add("low", _["VGGBlock"](filters=4, convolutions=1), "photo", frozen=True)
    design = design.add("middle", _["VGGBlock"](filters=8, convolutions=2), "low")
    design = design.add("high", _["VGGBlock"](filters=8, convolutions=3, batch_norm=True), "middle")
    design = design.add("flatten", _["Flatten"](), "high")
    return design.add("classes", _["Dense"](units=5, activation="softmax"), "flatten")


def inception() -> Design:
    """A naive inception before one with reductions."""
    design = Design("inception").add("photo", _["Image"](8, 8, 3))
    naive = _["NaiveInception"](filters_1x1=2, filters_3x3=3, filters_5x5=4)
    design = design.add("naive", naive, "photo")
    reduced = _["Inception"](
        filters_1x1=2, reduce_3x3=3, filters_3x3=4, reduce_5x5=2, filters_5x5=3, pool_projection=2
    )
    design = design.add("reduced", reduced, "naive")
    return design.add("classes", _["Classifier"](classes=4), "reduced")


def residual() -> Design:
    """Every variant and shortcut of the residual block; a stage of four."""
    design = Design("residuals").add("photo", _["Image"](16, 16, 3))
    block = _["Residual"]
    design = design.add("basic", block(filters=4), "photo")
    design = design.add("same", block(filters=4, shortcut="identity"), "basic")
    design = design.add("forced", block(filters=4, shortcut="projection", batch_norm=True), "same")
    deep = block(filters=16, stride=2, variant="bottleneck", batch_norm=True)
    design = design.add("deep", deep, "forced")
    stage = block(filters=16, variant="bottleneck", batch_norm=True)
    design = design.add("stage", stage, "deep", repeat=4)
    before = block(
        filters=8, variant="pre_activation", batch_norm=True, projection_activation="relu"
    )
    design = design.add("before", before, "stage", repeat=3)
    return design.add("classes", _["Classifier"](classes=4, dropout=0.5), "before")


def fork_1d() -> Design:
    """Max-pool forks on a signal, one of them where channels grow."""
    design = Design("ecg").add("ecg", _["Signal"](32, 2))
    fork = _["MaxPoolFork"]
    design = design.add("first", fork(filters=2, kernel_size=3, first=True), "ecg")
    design = design.add("grown", fork(filters=5, kernel_size=3, subsample=2), "first")
    design = design.add("again", fork(filters=5, kernel_size=3, subsample=2, dropout=0.0), "grown")
    return design.add("classes", _["Classifier"](classes=3), "again")


def fork_2d() -> Design:
    """Max-pool forks on an image."""
    design = Design("forks").add("photo", _["Image"](8, 8, 3))
    fork = _["MaxPoolFork"]
    design = design.add("grown", fork(filters=5, kernel_size=3, subsample=2), "photo")
    design = design.add("more", fork(filters=7, kernel_size=3, subsample=2), "grown")
    return design.add("classes", _["Classifier"](classes=3, activation="sigmoid"), "more")


def branches() -> Design:
    """Two inputs, a sum, a concatenation and two outputs."""
    design = Design("branches").add("left", _["Image"](8, 8, 2)).add("right", _["Image"](8, 8, 2))
    design = design.add("sum", _["Add"](), ["left", "right"])
    design = design.add("narrow", _["Conv"](filters=3), "sum").add("wide", _["Conv"](5, 5), "sum")
    design = design.add("both", _["Concatenate"](), ["wide", "narrow"])
    design = design.add("coarse", _["Classifier"](classes=2), "sum")
    return design.add("fine", _["Classifier"](classes=6, activation="linear"), "both")


def named() -> Design:
    """Layer names given by hand, of one layer and of every layer of a block."""
    design = Design("named").add("photo", _["Image"](8, 8, 3))
    names = {"conv1": "res2a_branch2a", "conv2": "res2a_branch2b", "shortcut": "res2a_branch1"}
    design = design.add("res", _["Residual"](filters=4), "photo", layer_names=names)
    rolled = {"conv1": 'first "one"', "conv2": "{second}", "pool": "it's\\n"}
    design = design.add("vgg", _["VGGBlock"](filters=4), "res", layer_names=rolled)
    design = design.add("flat", _["Flatten"](), "vgg")
    return design.add("fc", _["Dense"](units=3), "flat", layer_names={"": "fc1000"})


def own() -> Design:
    """A block of one's own with two outputs, and one that repeats."""
    design = Design("own").add("photo", _["Image"](16, 16, 3))
    design = design.add("one", _["Conv"](filters=4), "photo")
    design = design.add("two", _["Conv"](filters=4, batch_norm=True), "one")
    design = design.add("sum", _["Add"](), ["two", "one"])
    design = design.add("pool", _["Pool"](), "two")
    design = design.add("side", _["Classifier"](classes=2), "pool")
    design = design.add("a", _["Conv"](filters=4, activation="linear"), "sum")
    filters = [{"node": node, "param": "filters"} for node in ("one", "two")]
    shared = [{"name": "filters", "targets": filters, "min": 1, "max": 64}]
    fork = pack(design, ["one", "two", "sum"], "Fork", shared, instance_id="fork")
    design, _inverse = design.apply(fork)
    design = design.add("b", _["Activation"](), "a")
    design, _inverse = design.apply(pack(design, ["a", "b"], "Step", instance_id="step"))
    design, _inverse = design.apply({"nodes": {"step": {"repeat": 3}}})
    return design.add("classes", _["Classifier"](classes=3), "step_1")


def nested() -> Design:
    """Blocks of one's own inside others: with two outputs, repeated, used with other arguments."""
    design = Design("nested").add("photo", _["Image"](16, 16, 3))
    low = _["VGGBlock"](filters=4, convolutions=2, batch_norm=True, pool=False)
    design = design.add("low", low, "photo").add("left", _["Conv"](filters=4), "low")
    design = design.add("sum", _["Add"](), ["left", "low"])
    design = packed(design, ["low", "left"], "unit", width="low left", depth="low:convolutions")
    design = packed(design, ["unit", "sum"], "stage", filters="unit:width", depth="unit:depth")
    design, _inverse = design.apply({"nodes": {"stage": {"repeat": 3}}})
    design = design.add("end", _["Residual"](filters=4, batch_norm=True), "stage_1")
    design = packed(
        design, ["stage", "end"], "tower", width="stage:filters end", deep="stage:depth"
    )
    wide = {"block": "own:tower", "name": "wide", "params": {"width": 6, "deep": 1}}
    design, _inverse = design.apply(
        {"nodes": {"wide": wide}, "links": {"tower:out>wide:in": {"order": 0}}}
    )
    return design.add("classes", _["Classifier"](classes=3), "wide")


def packed(design: Design, nodes: list[str], title: str, **params: str) -> Design:
    """Return a design with nodes as one own block; each parameter sets one, or some, of theirs.

    What it sets is written as "node:parameter", or "node" where that is the number of filters.
    """
    found = [
        (name, [(node, param or "filters") for node, _colon, param in map(parted, targets.split())])
        for name, targets in params.items()
    ]
    exposed = [
        {"name": name, "targets": [{"node": node, "param": param} for node, param in targets]}
        for name, targets in found
    ]
    return design.apply(pack(design, nodes, title.capitalize(), exposed, instance_id=title))[0]


def parted(text: str) -> tuple[str, str, str]:
    return text.partition(":")


EXAMPLES = {
    example.__name__: example
    for example in (vgg, inception, residual, fork_1d, fork_2d, branches, named, own, nested)
}
