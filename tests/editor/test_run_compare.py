"""Runs side by side: what belongs together, mean and spread, and files to take home."""

import csv
import io
import statistics
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from blocks import Design, Epoch, Image, Run, TrainingSettings, analyze, home, template
from blocks.training.files import write_json
from blocks.training.folders import create
from blocks.training.record import Recorder
from editor.panels.compare_train import with_seeds
from editor.panels.run_compare import COSTS, curves, scatter, together
from editor.run_report import report, report_markdown
from editor.run_table import (
    RunFigures,
    epochs_csv,
    figures_of,
    group_rows,
    runs_csv,
    spread,
    told_apart,
)
from editor.store import Library

ROOT = Path(__file__).parent.parent.parent


def epoch(number: int, accuracy: float, loss: float = 0.5) -> Epoch:
    return Epoch(number, number * 10, 0.4, 0.9, loss, accuracy, 1.5)


def recorded(name: str, seed: int, *accuracies: float, tag: str = "", **settings: object) -> Run:
    """A run that has finished, as its worker would have written it."""
    chosen = TrainingSettings.of({"seed": seed, **settings})
    about = {"data": "digits", "settings": chosen.values(), "tag": tag, "started": seed}
    run = create(template(name), about, None)
    write_json(run.folder / "status.json", {"state": "finished", "message": ""})
    with Recorder(run.folder) as record:
        for number, accuracy in enumerate(accuracies, start=1):
            record.epoch(epoch(number, accuracy, loss=1 - accuracy))
    return run


def test_runs_that_differ_in_the_seed_alone_are_one_group() -> None:
    found = [
        figures_of(recorded("digits", 1, 0.5, 0.9)),
        figures_of(recorded("digits", 2, 0.6, 0.7)),
        figures_of(recorded("digits", 1, 0.8, epochs=20)),
    ]
    first, second = group_rows(found)
    assert first["Seeds"] == "1, 2"
    deviation = statistics.stdev([0.9, 0.7])
    assert first["Accuracy, last epoch"] == f"80.0% ± {100 * deviation:.1f}"
    assert first["Parameters"] == analyze(template("digits")).total
    assert (second["Seeds"], second["Accuracy, last epoch"]) == ("1", "80.0%")


def test_the_best_epoch_may_be_another_one_than_the_last() -> None:
    one = figures_of(recorded("digits", 1, 0.9, 0.7))
    assert one.best
    assert one.last
    assert (one.best.epoch, one.last.epoch) == (1, 2)
    assert one.seconds == 3.0


def test_a_group_without_an_epoch_has_no_accuracy() -> None:
    (row,) = group_rows([figures_of(recorded("digits", 1))])
    assert row["Accuracy, last epoch"] is None
    assert spread([]) is None


def test_equal_runs_get_labels_of_their_own() -> None:
    one = figures_of(recorded("digits", 1, 0.5))
    labels = [each.label for each in told_apart([one, replace(one, id="b"), replace(one, seed=2)])]
    assert len(set(labels[:2])) == 2


def test_the_tables_hold_every_run_and_every_epoch_as_plain_numbers() -> None:
    found = [figures_of(recorded("digits", 1, 0.5, 0.9)), figures_of(recorded("lenet5", 2, 0.25))]
    rows = list(csv.DictReader(io.StringIO(runs_csv(found))))
    assert [float(row["Validation accuracy"]) for row in rows] == [0.9, 0.25]
    assert [int(row["Multiply-adds"]) for row in rows] == [one.macs for one in found]
    curve = list(csv.DictReader(io.StringIO(epochs_csv(found))))
    assert [(row["Epoch"], float(row["Validation accuracy"])) for row in curve] == [
        ("1", 0.5),
        ("2", 0.9),
        ("1", 0.25),
    ]


class Tags(HTMLParser):
    """Collects what a page would load or run, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: list[str] = []
        self.loads: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.kinds.append(tag)
        self.loads += [str(v) for name, v in attributes if name in ("src", "href", "onload")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_loads_nothing_and_shows_a_typed_name_as_text() -> None:
    run = recorded("digits", 1, 0.5, 0.9)
    run.rename("<script>alert(1)</script>")
    page = Tags()
    page.feed(report([figures_of(run)], {run.title: run.design}, "today"))
    assert not page.loads
    assert "script" not in page.kinds
    assert page.kinds.count("svg") == 3
    assert "<script>alert(1)</script>, seed 1" in page.text
    assert "90.00%" in page.text


def test_the_report_as_markdown_has_the_same_tables_and_shows_a_typed_name_as_text() -> None:
    run = recorded("digits", 1, 0.5, 0.9)
    run.rename("<b>[evil](javascript:x)|")
    drawn = MarkdownIt().enable("table").render(report_markdown([figures_of(run)], "today"))
    page = Tags()
    page.feed(drawn)
    assert page.kinds.count("table") == 2
    assert not {"a", "b"} & set(page.kinds)
    assert "<b>[evil](javascript:x)|, seed 1" in page.text
    assert "90.00%" in page.text


def test_curves_and_points_are_those_of_the_runs() -> None:
    found = [figures_of(recorded("digits", 1, 0.5, 0.9)), figures_of(recorded("digits", 2, 0.6))]
    first, second = curves(found, "Validation accuracy", "val_accuracy").data
    assert (list(first.x), list(first.y)) == ([1, 2], [0.5, 0.9])
    assert first.line.color == second.line.color
    assert first.line.dash != second.line.dash
    (points,) = scatter(found, "Parameters").data
    assert list(points.x) == [found[0].params] * 2
    assert list(points.y) == [0.9, 0.6]
    assert set(COSTS.values()) <= {*RunFigures.__dataclass_fields__, "seconds"}


def test_runs_that_were_started_together_are_compared_first() -> None:
    alone, *pair = (recorded("digits", n, 0.5, tag=tag) for n, tag in ((1, ""), (2, "a"), (3, "a")))
    assert together([alone, *pair], pair[0]) == [run.id for run in pair]
    assert alone.id in together([alone, *pair], alone)


def test_seeds_are_counted_up_and_all_else_stays() -> None:
    settings = with_seeds(TrainingSettings(seed=2**32 - 1, epochs=3), 2)
    assert [one.seed for one in settings] == [2**32 - 1, 0]
    assert {one.epochs for one in settings} == {3}


@pytest.fixture
def page() -> AppTest:
    Library(home() / "library.sqlite").create(Design("mine").add("photo", Image(8, 8, 1)), "local")
    recorded("digits", 1, 0.5, 0.9)
    recorded("lenet5", 2, 0.25)
    return AppTest.from_file(str(ROOT / "editor/pages/train.py"), default_timeout=30).run()


def test_the_page_compares_runs(page: AppTest) -> None:
    (view,) = [one for one in page.segmented_control if one.key == "run/view"]
    view.select("Compare runs").run()
    assert not page.exception
    (choice,) = [one for one in page.multiselect if one.label == "Runs"]
    assert len(choice.value) == 2
    choice.set_value([]).run()
    assert not page.exception
    assert "Choose the runs to compare" in page.info[0].value


def test_a_run_is_renamed_and_keeps_its_settings(page: AppTest) -> None:
    (field,) = [one for one in page.text_input if one.key and one.key.startswith("rename-")]
    field.set_value("  my best one ").run()
    assert not page.exception
    renamed = [run for run in (Run(home() / "runs" / field.key[7:]),) if run.title == "my best one"]
    assert renamed
    assert renamed[0].settings.seed in (1, 2)
    (table,) = [one.value for one in page.dataframe if "Run" in one.value]
    assert "my best one" in set(table["Run"])
