"""Repairs: what is offered mends its problem, changes the numbers it says, and Keras builds it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blocks import (
    Add,
    Classifier,
    Concatenate,
    Conv,
    Dense,
    Design,
    Flatten,
    GlobalPool,
    Image,
    MaxPoolFork,
    Pool,
    Problem,
    Repair,
    Residual,
    Signal,
    Upsample,
    analyze,
    to_keras,
)


def photo(side: int = 32) -> Design:
    return Design().add("photo", Image(side, side, 3))


def fork(left: Any, right: Any, merge: Any) -> Design:
    """Return a photo that goes two ways into a merge, with a head behind."""
    design = photo().add("left", left, "photo").add("right", right, "photo")
    return design.add("merge", merge, ["left", "right"]).add("head", Classifier(10), "merge")


def circle() -> Design:
    design = photo().add("stem", Conv(8), "photo").add("sum", Add(), "stem")
    design = design.add("conv", Conv(8), "sum").add("head", Classifier(10), "conv")
    return design.connect("conv", "sum").connect("photo", "conv")


def same_names() -> Design:
    data = photo().add("one", Conv(8), "photo").add("two", Conv(8), "one").to_json()
    data["nodes"][2]["name"] = "one"
    return Design.from_json(data)


def u_shape() -> Design:
    design = photo(30).add("down", Pool(), "photo").add("deep", Pool(), "down")
    design = design.add("up", Upsample(), "deep")
    return design.add("across", Concatenate(), ["up", "down"]).add("head", Classifier(), "across")


def one_link_too_many() -> Design:
    design = photo().add("a", Conv(8), "photo").add("b", Conv(8), "photo")
    return design.add("head", Classifier(10), ["a", "b"])


def loose(*widths: int) -> Design:
    """Return a photo with a convolution of each width, none of which leads on."""
    design = photo()
    for place, width in enumerate(widths):
        design = design.add(f"end_{place}", Conv(width), "photo")
    return design


BROKEN: dict[str, tuple[Callable[[], Design], str]] = {
    "channels at a sum": (
        lambda: fork(Conv(64), Conv(32), Add()),
        "Match filters of right with 64",
    ),
    "sizes at a sum": (
        lambda: fork(Conv(64, stride=2), Conv(64), Add()),
        "Set stride of right to 2",
    ),
    "sizes and channels at a sum": (
        lambda: fork(Conv(64, stride=2), Pool(size=1), Add()),
        "Insert a 1x1 projection with stride 2 after right",
    ),
    "sizes at a concatenation": (
        lambda: fork(Conv(64, stride=2), Conv(64), Concatenate()),
        "Insert a max pooling of 2 after right",
    ),
    "ranks at a sum": (
        lambda: fork(Conv(64), GlobalPool(), Concatenate()),
        "Insert Flatten after left",
    ),
    "a window larger than the input": (
        lambda: photo(4).add("conv", Conv(8, 7, padding="valid"), "photo"),
        "Use same padding",
    ),
    "groups that do not divide": (
        lambda: photo().add("a", Conv(64), "photo").add("b", Conv(64, groups=5), "a"),
        "Set groups to 4",
    ),
    "an image after a vector": (
        lambda: photo().add("flat", Flatten(), "photo").add("conv", Conv(), "flat"),
        "Remove flat",
    ),
    "a block without a link": (
        lambda: photo().add("a", Conv(), "photo").add("b", Conv()).add("c", Classifier(), "b"),
        "Link a to it",
    ),
    "a link too many": (one_link_too_many, "Join them with Add"),
    "a loose end": (
        lambda: photo().add("a", Conv(), "photo").add("b", Conv(), "photo"),
        "Remove a",
    ),
    "three loose ends": (lambda: loose(8, 8, 8), "Join the 3 loose ends with Add"),
    "loose ends of other widths": (
        lambda: loose(8, 16, 32, 64),
        "Join the 4 loose ends with Concatenate",
    ),
    "an identity that does not fit": (
        lambda: photo().add("r", Residual(64, 2, shortcut="identity"), "photo"),
        "Set shortcut to projection",
    ),
    "a length that is no multiple": (
        lambda: Design().add("ecg", Signal(999, 1)).add("f", MaxPoolFork(subsample=2), "ecg"),
        "Give the input length 1,000",
    ),
    "a size that does not halve": (u_shape, "Give the input height 32 and width 32"),
    "two blocks of one name": (same_names, "Rename it to one_2"),
    "a value out of its limits": (
        lambda: photo().add("conv", Conv(filters=0), "photo"),
        "Set filters to 1",
    ),
}


def key(problem: Problem) -> tuple[str, str]:
    return problem.node_id, problem.message


def mended(design: Design, repair: Repair) -> Design:
    return design.apply(repair.edit)[0]


@pytest.mark.parametrize("case", BROKEN)
def test_a_problem_comes_with_the_repair_a_person_would_think_of(case: str) -> None:
    make, label = BROKEN[case]
    problems = analyze(make()).problems
    assert label in [repair.label for problem in problems for repair in problem.repairs]


@pytest.mark.parametrize("case", BROKEN)
def test_keras_builds_what_a_repair_mends(case: str) -> None:
    design = BROKEN[case][0]()
    (problem,) = analyze(design).problems
    assert problem.repairs
    for repair in problem.repairs[:2]:
        after = mended(design, repair)
        assert to_keras(after).count_params() == analyze(after).total


@pytest.mark.parametrize("count", [2, 3, 7])
def test_loose_ends_are_all_kept_as_outputs_in_one_step(count: int) -> None:
    design = loose(*range(4, 4 + count))
    (problem,) = analyze(design).problems
    keep = f"Keep all {count} as outputs of the model"
    (repair,) = [repair for repair in problem.repairs if repair.label == keep]
    after = mended(design, repair)
    assert not analyze(after).problems
    assert len(to_keras(after).outputs) == count


def test_a_circle_is_opened_at_one_of_its_links() -> None:
    design = circle()
    problems = {problem.node: problem for problem in analyze(design).problems}
    labels = [repair.label for repair in problems["sum"].repairs]
    assert "Remove the link from sum to conv" in labels
    for repair in problems["sum"].repairs:
        assert not any("circle" in p.message for p in analyze(mended(design, repair)).found)


def test_the_change_is_the_difference_of_the_totals_where_nothing_stood_behind() -> None:
    design = photo().add("a", Conv(64), "photo").add("b", Conv(32), "photo")
    design = design.add("sum", Add(), ["a", "b"])
    (problem,) = analyze(design).problems
    assert {repair.label for repair in problem.repairs} >= {"Insert a 1x1 projection after b"}
    before = analyze(design)
    for repair in problem.repairs:
        after = analyze(mended(design, repair))
        assert after.total - before.total == repair.params_change
        assert after.macs - before.macs == repair.macs_change


def test_a_projection_costs_what_the_layer_holds() -> None:
    design = fork(Conv(64, stride=2), Conv(128), Add())
    repairs = analyze(design).problems[0].repairs
    costs = {repair.label: repair.params_change for repair in repairs}
    assert costs["Insert a 1x1 projection with stride 2 after right"] == 128 * 64 + 64


def test_the_least_change_stands_first_and_what_takes_blocks_away_last() -> None:
    (problem,) = analyze(photo(4).add("a", Conv(8, 7, padding="valid"), "photo")).problems
    labels = [repair.label for repair in problem.repairs]
    assert labels[0] == "Set kernel_size to 4"
    assert labels[-1] == "Remove a"
    assert problem.repair == problem.repairs[0]


def test_problems_hidden_behind_the_mended_one_are_counted_and_not_the_repairs_fault() -> None:
    design = circle()
    found = {one.node: one for one in analyze(design).problems}["conv"]
    for repair in found.repairs:
        after = analyze(mended(design, repair))
        before = {key(problem) for problem in analyze(design).found}
        assert len({key(p) for p in after.found} - before) == repair.uncovers


def test_a_repair_is_the_same_whenever_it_is_worked_out() -> None:
    make = BROKEN["sizes at a sum"][0]
    assert analyze(make()).problems == analyze(make()).problems


def test_one_undo_takes_a_repair_back() -> None:
    for case, (make, _) in BROKEN.items():
        if case == "two blocks of one name":
            continue  # undo keeps every name free
        design = make()
        for problem in analyze(design).problems:
            for repair in problem.repairs:
                after, inverse = design.apply(repair.edit)
                back = after.apply(inverse)[0]
                assert dict(back.nodes) == dict(design.nodes)
                assert dict(back.links) == dict(design.links)


PIECES = st.sampled_from(
    [
        Conv(8),
        Conv(16, stride=2),
        Conv(8, 5, padding="valid"),
        Conv(12, groups=5),
        Conv(filters=0),
        Pool(),
        Residual(8, shortcut="identity"),
        Residual(16, 2),
        Upsample(),
        GlobalPool(),
        Flatten(),
        Dense(8),
        Add(),
        Concatenate(),
        Classifier(4),
    ]
)


@st.composite
def drawings(draw: st.DrawFn) -> Design:
    """Return a handful of blocks linked in any way, circles left out."""
    design, names = Design().add("photo", Image(draw(st.integers(1, 24)), 16, 3)), ["photo"]
    for index in range(draw(st.integers(1, 6))):
        after = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        design = design.add(f"b{index}", draw(PIECES), after)
        names.append(f"b{index}")
    return design


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawings())
def test_a_repair_removes_its_problem_and_adds_none(design: Design) -> None:
    report = analyze(design)
    before = {key(problem) for problem in report.found}
    for problem in report.problems:
        for repair in problem.repairs:
            after = {key(one) for one in analyze(mended(design, repair)).found}
            assert key(problem) not in after
            assert len(after - before) == repair.uncovers
