"""Designs with several outputs: one data set, a loss for each, and the weights these have."""

import time

import numpy as np
import pytest

from blocks import (
    AuxiliaryClassifier,
    Classifier,
    Conv,
    Design,
    Dropout,
    Image,
    Output,
    Run,
    TrainingSettings,
    analyze,
    describe_data,
    start_run,
    template,
    to_keras,
)
from blocks.training.checkpoint import Position
from blocks.training.data import load
from blocks.training.mismatch import heads_of, mismatch


def branching(weight: float = 0.3, activation: str = "softmax") -> Design:
    """A head at the end and an auxiliary one in the middle, which learns each class by itself."""
    return (
        Design("branching")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("early", Classifier(10, activation=activation, loss_weight=weight), after="stem")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("body", Conv(filters=8, stride=2), after="drop")
        .add("head", Classifier(10, pooling="flatten"), after="body")
    )


def sentences(design: Design) -> list[str]:
    return [str(problem) for problem in mismatch(design, describe_data("digits"))]


def test_the_output_whose_loss_counts_most_leads() -> None:
    names = [head.layer.name for head in heads_of(template("googlenet_aux"))]
    assert names[0] == "classes"
    assert sorted(names[1:]) == ["aux1", "aux2"]
    assert [head.loss_weight for head in heads_of(template("googlenet_aux"))] == [1.0, 0.3, 0.3]
    assert heads_of(branching(weight=2.0))[0].layer.name == "early"
    assert heads_of(branching(weight=1.0))[0].layer.name == "head"


def test_the_weight_of_a_loss_changes_no_layer() -> None:
    assert analyze(branching(0.3)).graph.hash == analyze(branching(5.0)).graph.hash


def test_every_output_must_suit_the_data_and_some_loss_must_count() -> None:
    assert not sentences(branching())
    (few,) = sentences(branching().apply({"nodes": {"early": {"params": {"classes": 7}}}})[0])
    assert few.startswith("early: it tells 7 classes apart, the data (digits) have 10; ")
    tapped = branching().add("tap", Output(), after="body")
    (places,) = sentences(tapped)
    assert places.startswith(
        "body: an image of shape 4x4x8 leaves it, the data (digits) have one label"
    )
    nothing = branching(0.0).apply({"nodes": {"head": {"params": {"loss_weight": 0}}}})[0]
    assert sentences(nothing) == [
        "no output's loss counts; set the loss weight of one of them above 0"
    ]
    twice = branching().add("a", Output(), after="head").add("b", Output(), after="head")
    assert sentences(twice) == [
        "head: 2 outputs of the design give its values; keep one of them",
    ]


def test_an_auxiliary_head_weighs_what_the_paper_gives_it() -> None:
    """Szegedy et al. 2014, sec. 5: the losses of the auxiliary classifiers count 0.3."""
    assert AuxiliaryClassifier().values()["loss_weight"] == 0.3


def test_checkpoints_of_one_output_from_before_are_still_read() -> None:
    old = {"epoch": 2, "step": 3, "loss_sum": 1.5, "correct_sum": 0.5, "seconds": 4.0}
    assert Position.of(old) == Position(2, 3, 4.0, {"loss": 1.5, "accuracy": 0.5})


def state_of(run: Run) -> list[np.ndarray]:
    with np.load(run.checkpoint_path) as data:
        return [data[name] for name in data.files if name != "about"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two epochs of both outputs without a break."""
    folder = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(folder / "home"))
        run = start_run(branching(activation="sigmoid"), "digits", epochs=2, folder=folder / "run")
        assert run.wait().state == "finished"
    return run


@pytest.mark.keras
def test_both_outputs_learn_and_the_main_one_leads_the_record(trained: Run) -> None:
    for epoch in trained.metrics().epochs:
        main, early = epoch.outputs
        assert (main.name, early.name) == ("head", "early")
        assert epoch.loss == pytest.approx(main.loss + 0.3 * early.loss, rel=1e-5)
        assert epoch.val_loss == pytest.approx(main.val_loss + 0.3 * early.val_loss, rel=1e-5)
        assert (epoch.accuracy, epoch.val_accuracy) == (main.accuracy, main.val_accuracy)
    first, last = trained.metrics().epochs
    assert last.outputs[0].loss < first.outputs[0].loss
    assert last.outputs[1].loss < first.outputs[1].loss
    assert "validation accuracy of each output: head " in trained.log()


@pytest.mark.keras
def test_the_record_is_what_keras_says_of_the_saved_model(trained: Run) -> None:
    """The losses by their formulas, from the two outputs of the model on the disk."""
    import keras

    samples = load("digits", TrainingSettings())
    model = keras.models.load_model(trained.model_path, compile=False)
    outputs = model.predict(samples.x_validation, verbose=0)
    found = dict(zip(model.output_names, outputs, strict=True))
    labels = samples.y_validation
    one_hot = np.eye(10)[labels]
    right = found["head"][np.arange(len(labels)), labels]
    early = one_hot * np.log(found["early"]) + (1 - one_hot) * np.log(1 - found["early"])
    last = trained.metrics().epochs[-1]
    assert last.outputs[0].val_loss == pytest.approx(-np.log(right).mean(), rel=1e-4)
    assert last.outputs[1].val_loss == pytest.approx(-early.mean(), rel=1e-4)
    assert last.val_accuracy == pytest.approx((found["head"].argmax(1) == labels).mean())


@pytest.mark.keras
def test_a_stopped_run_of_two_outputs_goes_on_as_if_it_had_not_been(trained: Run) -> None:
    run = start_run(branching(activation="sigmoid"), "digits", epochs=2)
    while not run.metrics().steps:
        time.sleep(0.01)
    run.stop()
    assert run.wait().state == "stopped"
    assert len(run.metrics().steps) < 2 * 44
    assert run.resume().wait().state == "finished"
    for mine, theirs in zip(state_of(run), state_of(trained), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    figures = [[epoch.outputs for epoch in one.metrics().epochs] for one in (run, trained)]
    assert figures[0] == figures[1]


@pytest.mark.keras
def test_the_weights_reach_the_gradient(trained: Run) -> None:
    """With nothing but the early loss counting, the layers after its fork never move."""
    design = branching().apply({"nodes": {"head": {"params": {"loss_weight": 0}}}})[0]
    run = start_run(design, "digits", epochs=1)
    assert run.wait().state == "finished"
    import keras

    keras.utils.set_random_seed(1)
    before = to_keras(design).get_layer("body").get_weights()
    after = keras.models.load_model(run.model_path, compile=False).get_layer("body").get_weights()
    np.testing.assert_array_equal(after[0], before[0])
