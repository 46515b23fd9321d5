"""The U-Net's way up: one block of two inputs, a step of the paper's drawing."""

from blocks import Design, Image, Pool, UNetStep, analyze, python_code


def step(filters: int = 4, side: int = 16, **values: int) -> Design:
    return (
        Design("step")
        .add("photo", Image(side, side, 3))
        .add("half", Pool(), "photo")
        .add("up", UNetStep(filters, **values), ["half", "photo"])
    )


def test_a_step_doubles_the_size_and_convolves_what_it_joins() -> None:
    """Up: 2x2 from 3 to 4 channels; then 3x3 from 3 + 4 to 4, and from 4 to 4."""
    report = analyze(step())
    assert not report.problems
    assert report.layers[-1].shape == (16, 16, 4)
    assert report.total == (4 * 3 * 4 + 4) + (9 * 7 * 4 + 4) + (9 * 4 * 4 + 4)


def test_sizes_that_do_not_meet_are_told() -> None:
    (problem,) = [p for p in analyze(step(side=15)).problems if p.severity == "error"]
    assert problem.node == "up"
    assert "14x14x4" in problem.message


def test_an_input_that_is_left_open_is_named() -> None:
    design = Design("half").add("photo", Image(8, 8, 3)).add("up", UNetStep(4), "photo")
    (problem,) = analyze(design).problems
    assert "its input skip" in problem.message


def test_it_is_one_function_of_two_inputs_in_exported_code() -> None:
    assert "def unet_step(x1, x2, " in python_code(step())
