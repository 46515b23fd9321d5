"""What is said before a run starts: settings, devices, and where data and design do not fit."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from blocks import (
    Add,
    Classifier,
    Conv,
    Dense,
    Design,
    DesignError,
    Device,
    Flatten,
    Image,
    Pool,
    Problem,
    Signal,
    TrainingSettings,
    analyze,
    devices,
    start_run,
    training_problems,
)
from tests.blocks.cards import cards

SETTINGS = TrainingSettings(epochs=5)


def fitting() -> Design:
    return (
        Design("tiny")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=4), after="photo")
        .add("head", Classifier(classes=10), after="stem")
    )


def problems(design: Design, data: str = "digits") -> list[Problem]:
    return training_problems(design, data, SETTINGS, "cpu")


def test_nothing_is_said_where_design_and_data_fit() -> None:
    assert problems(fitting()) == []


def test_another_input_shape_names_both_sides_and_is_mended() -> None:
    design, _ = fitting().apply({"nodes": {"photo": {"params": {"height": 32, "channels": 3}}}})
    (problem,) = problems(design)
    assert str(problem) == (
        "photo: it takes an image of shape 32x8x3, the data (digits) are pictures of 8x8x1; "
        "set height to 8, width to 8 and channels to 1"
    )
    assert problem.repair is not None
    mended, _ = design.apply(problem.repair.edit)
    assert problems(mended) == []
    assert analyze(mended).total - analyze(design).total == problem.repair.params_change


def test_another_number_of_classes_names_both_sides_and_is_mended() -> None:
    design, _ = fitting().apply({"nodes": {"head": {"params": {"classes": 6}}}})
    (problem,) = problems(design)
    assert str(problem) == (
        "head: it tells 6 classes apart, the data (digits) have 10; set classes to 10"
    )
    assert problem.repair is not None
    assert problems(design.apply(problem.repair.edit)[0]) == []


def test_a_repair_that_breaks_the_design_is_not_offered() -> None:
    design = Design("deep").add("photo", Image(64, 64, 1))
    before = "photo"
    for count in range(5):
        design, before = design.add(f"pool_{count}", Pool(), after=before), f"pool_{count}"
    design = design.add("head", Classifier(classes=10), after=before)
    (problem,) = problems(design)
    assert not any(repair.edit for repair in problem.repairs)
    assert "then also pool_3" in problem.message


def test_a_signal_network_is_told_to_take_pictures() -> None:
    design = Design().add("wave", Signal(64, 1)).add("head", Classifier(10), after="wave")
    (problem,) = problems(design)
    assert "a signal of shape 64x1" in problem.message
    assert "put an Image block of 8x8x1 in its place" in problem.message


def test_an_output_per_place_is_told_to_pool() -> None:
    design, _ = fitting().apply({"nodes": {"head": {"params": {"pooling": "none"}}}})
    (problem,) = problems(design)
    assert "one label per picture; set pooling to average" in problem.message
    assert problem.repair is not None
    assert problems(design.apply(problem.repair.edit)[0]) == []


def test_an_output_that_is_no_head_is_told_to_add_one() -> None:
    design = Design().add("photo", Image(8, 8, 1)).add("stem", Conv(filters=4), after="photo")
    (problem,) = problems(design)
    assert "put a Classifier of 10 classes after it" in problem.message


def test_a_function_that_makes_no_classes_is_mended() -> None:
    design = (
        Design()
        .add("photo", Image(8, 8, 1))
        .add("flat", Flatten(), after="photo")
        .add("end", Dense(units=10, activation="relu"), after="flat")
    )
    (problem,) = problems(design)
    assert str(problem).startswith("end: it ends with relu")
    assert problem.repair is not None
    assert problems(design.apply(problem.repair.edit)[0]) == []


def test_several_inputs_are_said_and_several_outputs_are_learned() -> None:
    twice = (
        Design()
        .add("left", Image(8, 8, 1))
        .add("right", Image(8, 8, 1))
        .add("sum", Add(), after=["left", "right"])
        .add("head", Classifier(10), after="sum")
    )
    assert "2 inputs (left, right)" in problems(twice)[0].message
    two_heads = fitting().add("second", Classifier(10), after="stem")
    assert problems(two_heads) == problems(fitting())


def test_problems_of_the_design_itself_come_alone() -> None:
    design, _ = fitting().apply({"nodes": {"stem": {"params": {"filters": 0}}}})
    assert [str(p) for p in problems(design)] == [str(p) for p in analyze(design).errors]


def test_a_design_without_anything_to_train_is_refused() -> None:
    design = Design().add("photo", Image(8, 8, 1)).add("flat", Flatten(), after="photo")
    assert any("nothing in the design can be trained" in p.message for p in problems(design))


def test_everything_is_listed_at_once_and_nothing_is_started(own_home: Path) -> None:
    design, _ = fitting().apply({"nodes": {"head": {"params": {"classes": 6}}}})
    with pytest.raises(DesignError) as refusal:
        start_run(design, "digits", epochs=0, batch_size=True, optimizer="newton", device="gpu:9")
    said = [str(problem) for problem in refusal.value.problems]
    assert said == [
        "epochs must be an integer from 1 to 100000, got 0",
        "batch_size must be an integer from 1 to 65536, got True",
        "optimizer must be one of adam, sgd, rmsprop, adamw, got 'newton'",
        "head: it tells 6 classes apart, the data (digits) have 10; set classes to 10",
        f"device must be one of {', '.join(d.name for d in devices())}, got 'gpu:9'; "
        "choose one that is there",
    ]
    assert not list((own_home / "runs").glob("*"))


def on_a_device_of(free: int, monkeypatch: pytest.MonkeyPatch) -> list[Problem]:
    small = Device("cpu", "small", free_bytes=free, total_bytes=free)
    monkeypatch.setattr("blocks.training.preflight.find", lambda name: small)
    return problems(fitting())


def test_a_batch_that_may_not_fit_is_a_warning_with_both_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (problem,) = on_a_device_of(600_000_000, monkeypatch)
    assert problem.severity == "warning"
    assert "may need 600.1 MB, cpu has 600.0 MB free" in problem.message


def test_a_batch_that_cannot_fit_is_refused_with_both_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (problem,) = on_a_device_of(1_000_000, monkeypatch)
    assert problem.severity == "error"
    assert "needs at least 300.0 MB, cpu has 1.0 MB free" in problem.message


def test_a_batch_that_is_too_large_is_mended_by_a_smaller_one() -> None:
    settings = TrainingSettings(batch_size=65_536)
    design = Design().add("photo", Image(512, 512, 3)).add("stem", Conv(filters=512), after="photo")
    design = design.add("head", Classifier(classes=10), after="stem")
    found = training_problems(design, "digits", settings, "cpu")
    (refusal,) = [problem for problem in found if "needs at least" in problem.message]
    assert refusal.repair
    fits = refusal.repair.settings["batch_size"]
    assert f"set the batch size to {fits}" in refusal.repair.label.lower()
    mended = training_problems(design, "digits", TrainingSettings(batch_size=fits), "cpu")
    assert not [problem for problem in mended if "needs at least" in problem.message]


def test_batch_norm_that_cannot_keep_up_is_a_warning_with_both_numbers() -> None:
    design, _ = fitting().apply({"nodes": {"stem": {"params": {"batch_norm": True}}}})
    (problem,) = problems(design)
    assert problem.severity == "warning"
    assert "needs some 299 steps" in problem.message
    assert "this run has 220" in problem.message
    longer = TrainingSettings(epochs=7)
    assert training_problems(design, "digits", longer, "cpu") == []


def test_without_a_driver_there_is_the_processor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_driver() -> None:
        raise RuntimeError("NVML Shared Library Not Found")

    monkeypatch.setitem(sys.modules, "pynvml", SimpleNamespace(nvmlInit=no_driver))
    (processor,) = devices()
    assert processor.name == "cpu"
    assert processor.cores >= 1
    assert 0 < processor.free_bytes <= processor.total_bytes
    assert processor.environment()["CUDA_VISIBLE_DEVICES"] == "-1"


def test_without_the_library_there_is_the_processor_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert [device.name for device in devices()] == ["cpu"]


def test_gpus_are_known_by_their_uuid(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []
    driver = cards(monkeypatch, "GPU-0", "GPU-1")
    driver.nvmlDeviceGetName = lambda handle: b"Small GPU" if handle else "Large GPU"
    driver.nvmlShutdown = lambda: closed.append(True)
    _, first, second, _ = devices()
    assert (first.name, first.title, second.name, second.title) == (
        "gpu:0",
        "Large GPU",
        "gpu:1",
        "Small GPU",
    )
    assert second.environment()["CUDA_VISIBLE_DEVICES"] == "GPU-1"
    assert second.describe() == "Small GPU, 5.0 of 8.0 GB free"
    assert closed == [True]
