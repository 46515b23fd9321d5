"""The curves of a run: the main output leads, the others stand beside it."""

from blocks import Epoch, Metrics
from blocks.training.record import OutputEpoch
from editor.panels.run_curves import curves, words


def metrics(*names: str) -> Metrics:
    outputs = tuple(OutputEpoch(name, 1.0, 0.5, 0.75, 0.25 + i) for i, name in enumerate(names))
    epochs = tuple(Epoch(n, 10 * n, 2.0, 0.5, 1.5, 0.25, 1.0, outputs) for n in (1, 2))
    return Metrics(epochs=epochs)


def lines(figures: Metrics, name: str) -> dict[str, list[float]]:
    drawn = curves(figures, name.capitalize(), name, "run").data
    return {
        line.name: list(line.y) for line in drawn if line.name not in ("each step", "best epoch")
    }


def test_a_run_of_one_output_has_a_line_for_training_and_one_for_validation() -> None:
    assert lines(metrics(), "loss") == {"training": [2.0, 2.0], "validation": [1.5, 1.5]}


def test_the_loss_shows_the_sum_and_each_output() -> None:
    found = lines(metrics("head", "aux"), "loss")
    assert list(found) == ["training", "validation", "head", "aux"]
    assert found["validation"] == [1.5, 1.5]
    assert found["aux"] == [0.75, 0.75]


def test_the_accuracy_is_that_of_the_main_output_beside_the_others() -> None:
    found = lines(metrics("head", "aux"), "accuracy")
    assert list(found) == ["training", "validation", "aux"]
    assert found["aux"] == [1.25, 1.25]
    assert words(metrics("head", "aux"), "Accuracy", "accuracy").endswith(
        "0.2500 in validation, 0.2500 at head, 1.2500 at aux; epoch 1 was the best"
    )


def test_a_name_typed_by_a_person_stays_text_in_the_chart() -> None:
    found = lines(metrics("head", "<b>bold</b>"), "loss")
    assert "&lt;b&gt;bold&lt;/b&gt;" in found
