"""Watching a run: who is taken for whom, which samples were told wrong, how gradients flow."""

import time
from pathlib import Path

import numpy as np
import pytest

from blocks import (
    BatchNorm,
    Classifier,
    Conv,
    Design,
    Dropout,
    Image,
    Residual,
    Run,
    TrainingSettings,
    analyze,
    start_run,
    template,
)
from blocks.training.data import load
from blocks.training.reading import read_flows
from blocks.training.record import Confusion, Flow, FlowBlock, Recorder
from blocks.training.target import Target
from blocks.training.watching import Judging, Watch, groups_of, guesses


def small() -> Design:
    return (
        Design("small")
        .add("photo", Image(8, 8, 1))
        .add("stem", Conv(filters=8, batch_norm=True), after="photo")
        .add("drop", Dropout(rate=0.2), after="stem")
        .add("deep", Conv(filters=8), after="drop", repeat=2)
        .add("head", Classifier(classes=10), after="deep")
    )


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two epochs with watching."""
    folder = tmp_path_factory.mktemp("watched")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BLOCKWRIGHT_HOME", str(folder / "home"))
        run = start_run(small(), "digits", epochs=2, folder=folder / "run")
        assert run.wait().state == "finished"
    return run


@pytest.mark.keras
def test_the_confusion_is_that_of_the_saved_model(watched: Run) -> None:
    import keras
    from sklearn.metrics import confusion_matrix

    samples = load("digits", TrainingSettings(seed=1))
    guess = (
        keras.models.load_model(watched.model_path)
        .predict(samples.x_validation, verbose=0)
        .argmax(axis=1)
    )
    found = watched.confusion()
    assert found
    assert found.epoch == 2
    expected = confusion_matrix(samples.y_validation, guess, labels=range(10))
    np.testing.assert_array_equal(found.counts, expected)
    right = sum(row[place] for place, row in enumerate(found.counts))
    assert right / expected.sum() == pytest.approx(watched.metrics().epochs[-1].val_accuracy)


@pytest.mark.keras
def test_wrong_samples_are_wrong_and_the_surest_come_first(watched: Run) -> None:
    import keras

    found = watched.wrong()
    assert found
    model = keras.models.load_model(watched.model_path)
    predicted = model.predict(np.stack([one.sample for one in found]).astype(np.float32), verbose=0)
    for one, row in zip(found, predicted, strict=True):
        assert one.truth != one.guess == row.argmax()
        assert one.probability == pytest.approx(row.max(), abs=0.01)
    sure = [one.probability for one in found]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.keras
def test_the_measured_gradients_are_those_of_a_tape_written_by_hand(watched: Run) -> None:
    import keras
    import tensorflow as tf

    from blocks import to_keras
    from blocks.training.engines.local import compiled
    from blocks.training.engines.on_tensorflow import measure_of
    from blocks.training.mismatch import heads_of
    from blocks.training.target import targets_of

    keras.utils.set_random_seed(1)
    design = Design("plain").add("photo", Image(8, 8, 1))
    design = design.add("stem", Conv(filters=4, batch_norm=True), after="photo")
    design = design.add("head", Classifier(classes=10), after="stem")
    model = compiled(
        to_keras(design), targets_of(heads_of(design), TrainingSettings()), TrainingSettings()
    )
    samples = load("digits", TrainingSettings(seed=1))
    x, y = samples.x[:32], samples.y[:32]
    before = [value.numpy() for value in [*model.variables, *model.optimizer.variables]]
    norms, sizes = measure_of(model, groups_of(analyze(design).graph))(x, y)
    for value, old in zip([*model.variables, *model.optimizer.variables], before, strict=True):
        np.testing.assert_array_equal(value.numpy(), old)
    with tf.GradientTape() as tape:
        predicted = model(x, training=True)
        loss = keras.losses.SparseCategoricalCrossentropy()(y, predicted)
    head = model.get_layer("head").trainable_variables
    gradients = tape.gradient(loss, [variable.value for variable in head])
    by_hand = np.sqrt(sum(float(np.sum(np.square(gradient))) for gradient in gradients))
    assert norms[1] == pytest.approx(by_hand, rel=1e-4)
    assert sizes[1] == pytest.approx(float(np.sqrt(np.mean(np.square(predicted)))), rel=1e-4)


@pytest.mark.keras
def test_flows_are_recorded_for_every_block_and_every_20_steps_at_most(watched: Run) -> None:
    flows = watched.flows()
    labels = [block.label for block in flows.blocks]
    assert labels == ["stem", "deep, 1", "deep, 2", "head"]
    assert [(block.node, block.repeat) for block in flows.blocks[1:3]] == [("deep", 0), ("deep", 1)]
    steps = [flow.step for flow in flows.measured]
    assert steps[0] == 1
    assert all(step % 20 == 0 for step in steps[1:])
    assert 0 < float(watched.metrics().facts["measuring_share"]) < 0.5
    for flow in flows.measured:
        assert len(flow.gradients) == len(flow.activations) == 4
        assert np.isfinite([flow.gradients, flow.activations]).all()


@pytest.mark.keras
def test_watching_changes_no_weight(watched: Run) -> None:
    run = start_run(small(), "digits", epochs=2, watch_gradients=False)
    assert run.wait().state == "finished"
    assert not run.flows().measured
    with np.load(run.checkpoint_path) as mine, np.load(watched.checkpoint_path) as theirs:
        names = [name for name in mine.files if name != "about"]
        assert len(names) > 10
        for name in names:
            np.testing.assert_array_equal(mine[name], theirs[name])


def test_measuring_takes_at_most_a_tenth_of_the_time() -> None:
    watch = Watch(lambda x, y: ({}, x), lambda x, y: (x, x), groups_of(analyze(small()).graph))
    assert watch.is_due(7)  # the first time, whenever that is
    watch.measured = True
    watch.training_seconds, watch.measuring_seconds = 10.0, 0.9
    assert watch.is_due(40)
    assert not watch.is_due(41)
    watch.measuring_seconds = 1.1
    assert watch.share == pytest.approx(0.11)
    assert not watch.is_due(40)


@pytest.mark.parametrize(
    ("activation", "values", "guess", "sure"),
    [
        ("softmax", [0.1, 0.7, 0.2], 1, 0.7),
        ("linear", [0.0, np.log(3.0)], 1, 0.75),
        ("sigmoid", [0.2], 0, 0.8),
        ("sigmoid", [0.9], 1, 0.9),
    ],
)
def test_a_guess_is_read_off_every_kind_of_output(
    activation: str, values: list[float], guess: int, sure: float
) -> None:
    target = Target("head", activation, len(values), 1.0)
    found, probability = guesses(target, np.array([values]))
    assert found.tolist() == [guess]
    assert probability.tolist() == pytest.approx([sure])


def test_the_surest_mistakes_are_kept() -> None:
    judging = Judging(Target("head", "softmax", 2, 1.0), 2)
    judging.add(np.array([0, 0]), np.array([[0.9, 0.1], [0.4, 0.6]]))
    judging.add(np.array([1, 1]), np.array([[0.8, 0.2], [0.1, 0.9]]))
    assert judging.counts.tolist() == [[1, 1], [1, 1]]
    assert judging.wrong == [(0.8, 2, 1, 0), (0.6, 1, 0, 1)]


def test_a_class_without_samples_has_no_share() -> None:
    assert Confusion(1, ((3, 1), (0, 0))).recalls == (0.75, None)


def test_many_measurements_are_thinned_and_the_last_one_stays(tmp_path: Path) -> None:
    with Recorder(tmp_path) as record:
        record.flow_blocks([FlowBlock("stem", "stem")])
        for step in range(1, 1_001):
            record.flow(Flow(step, (1.0,), (2.0,)))
    steps = [flow.step for flow in read_flows(tmp_path, most=100).measured]
    assert len(steps) <= 102
    assert (steps[0], steps[-1]) == (1, 1_000)


def test_blocks_that_learn_nothing_are_not_watched() -> None:
    design = Design("deep").add("photo", Image(8, 8, 3)).add("norm", BatchNorm(), after="photo")
    design = design.add("drop", Dropout(), after="norm").add("deep", Residual(), after="drop")
    labels = [group.label for group in groups_of(analyze(design).graph)]
    assert labels == ["norm", "deep"]


@pytest.mark.keras
def test_the_lesson_plain_layers_starve_and_layers_with_shortcuts_do_not() -> None:
    ratios = []
    for name in ("lesson_plain", "lesson_residual"):
        design = template(name)
        assert analyze(design).weighted_depth == 50
        run = start_run(design, "digits", epochs=100)
        while not run.flows().measured and run.status().alive:
            time.sleep(0.1)
        run.stop()
        assert run.wait().state == "stopped"
        flow = run.flows().measured[0]
        ratios.append(flow.gradients[0] / flow.gradients[-1])
    plain, residual = ratios
    assert plain < 1e-6
    assert residual > 0.01
    assert analyze(template("lesson_plain")).total == analyze(template("lesson_residual")).total
