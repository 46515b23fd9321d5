"""Every repetition of a block has the numbers of the same block drawn on its own."""

import pytest

from blocks import Conv, Design, Image, MaxPoolFork, Residual, analyze, split, template, turns


@pytest.mark.parametrize("name", ["resnet50", "ecg_rajpurkar", "mobilenet_v2", "xception"])
def test_the_repetitions_have_the_numbers_of_single_blocks(name: str) -> None:
    design = template(name)
    repeats = turns(analyze(design))
    repeated = [node for node in design.nodes.values() if node.repeat > 1]
    assert set(repeats) == {node.name for node in repeated}
    for node in repeated:
        single = design.apply(split(design, node.id))[0]
        report = analyze(single)
        ids = {n.name: n.id for n in single.nodes.values()}
        for turn in repeats[node.name]:
            alone = report.nodes[ids[turn.name]]
            assert (turn.shape, turn.params, turn.macs) == (alone.shape, alone.params, alone.macs)


@pytest.mark.parametrize("block", [Conv(4), Residual(4), MaxPoolFork(4, subsample=2)])
def test_the_last_repetition_hands_on_the_output_of_the_block(block: object) -> None:
    design = Design("one").add("photo", Image(16, 16, 4))
    design = design.add("stage", block, after="photo", repeat=2)  # type: ignore[arg-type]
    report = analyze(design)
    assert turns(report)["stage"][-1].shape == report.nodes[design.node("stage").id].shape


def test_what_stands_once_has_no_repetitions() -> None:
    design = Design("one").add("photo", Image(8, 8, 4)).add("one", Conv(4), after="photo")
    assert not turns(analyze(design))
