"""Numbers reach the page with every digit."""

import csv
import io

from blocks import Dense, Design, Flatten, Image, template
from editor.panels.charts import growth
from editor.panels.layers import COLUMNS, countable, table_csv
from editor.panels.totals import numbers
from editor.view import View, Views
from editor.words import literal


def totals(template_id: str) -> dict[str, str]:
    return {name: value for name, value, _ in numbers(View(template(template_id)).report)}


def absurd() -> Design:
    design = Design().add("photo", Image(4096, 4096, 64)).add("flat", Flatten(), after="photo")
    return design.add("wide", Dense(units=99_999_999), after="flat")


def test_counts_beyond_two_to_the_53_keep_every_digit() -> None:
    view = View(absurd())
    exact = 4096 * 4096 * 64 * 99_999_999 + 99_999_999
    assert exact > 2**53
    assert view.overlay["totals"]["params"] == str(exact)
    assert view.overlay["nodes"]["wide"]["params"] == str(exact)
    row = list(csv.DictReader(io.StringIO(table_csv(view).decode())))[-1]
    assert row["Parameters"] == str(exact)


def test_texts_of_large_counts_sort_like_the_counts() -> None:
    counts = [0, 7, 10**17, 123, 2**60, 99_999]
    texts = countable(counts)
    assert sorted(texts) == [text for _, text in sorted(zip(counts, texts, strict=True))]
    assert countable([3, 1, 2**53 - 1]) == [3, 1, 2**53 - 1]


def test_the_csv_has_a_line_for_every_layer() -> None:
    view = View(template("tutorial_vgg"))
    head, *lines = csv.reader(io.StringIO(table_csv(view).decode()))
    assert tuple(head) == COLUMNS
    assert [line[1] for line in lines] == [layer.name for layer in view.report.layers]
    assert sum(int(line[4]) for line in lines) == 38_720


def test_problems_stand_on_their_block_by_id() -> None:
    from blocks import Conv

    design = Design().add("photo", Image()).add("stem", Conv(filters=0), after="photo")
    overlay = View(design).overlay
    assert overlay["nodes"]["stem"]["problems"] == 1
    assert overlay["nodes"]["stem"]["shape"] == ""
    assert overlay["problems"][0]["node"] == design.node("stem").id
    assert overlay["problems"][0]["severity"] == "error"


def test_the_bars_follow_the_order_of_the_network() -> None:
    figure = growth(View(template("tutorial_vgg3")), 32, "adam")
    assert list(figure.data[0].y) == ["image_1", "vgg_block_1", "vgg_block_2", "vgg_block_3"]
    trained = 4 * 4 * 2_325_568  # the weights, their gradients, and two of Adam for each
    assert round(sum(figure.data[1].x) * 1_000_000) == trained


def test_the_totals_name_what_they_count() -> None:
    shown = totals("tutorial_vgg")
    assert shown["Trainable"] == "38,720"
    assert shown["Receptive field"] == "6x6"
    assert shown["Depth"] == "2 of 4 layers"
    assert (
        totals("resnet50")["Receptive field"] == "whole input, 483x483 (from 11x11) before the "
        "global layer"
    )
    assert {name: value for name, value, _ in numbers(View(Design()).report)}[
        "Receptive field"
    ] == "none"


def test_the_totals_tell_memory_for_the_chosen_batch_and_optimizer() -> None:
    few = {name: value for name, value, _ in numbers(View(template("lenet5")).report, 1, "sgd")}
    assert few["Training, batch 1"] == "567.6 kB"
    assert few["Prediction, batch 1"] == "270.3 kB"


def test_a_signal_with_a_sampling_rate_shows_what_it_sees_in_milliseconds() -> None:
    from blocks import Conv, Signal

    design = Design().add("ecg", Signal(512, 1, sampling_rate=200)).add("a", Conv(), "ecg")
    shown = {name: value for name, value, _ in numbers(View(design).report)}
    assert shown["Receptive field"] == "3, 15 ms"
    assert growth(View(design), 32, "adam").data[-1].x[-1] == 15
    wide = design.add("b", Conv(kernel_size=127), "a", repeat=9)
    shown = {name: value for name, value, _ in numbers(View(wide).report)}
    assert shown["Receptive field"] == "1137, 5,685 ms"


def test_the_growth_chart_adds_up_to_the_training_memory() -> None:
    view = View(template("resnet18"))
    activations, state, smallest, largest = growth(view, 16, "adam").data
    total = view.report.training_bytes(16)
    assert abs(sum(activations.x) + sum(state.x) - total / 1e6) < 1e-6 * total
    assert largest.x[0] == smallest.x[0] == 1
    assert max(n for n in largest.x if n is not None) == 435


def test_the_same_revision_is_worked_out_once() -> None:
    views, design = Views(), template("tutorial_vgg")
    assert views.of("a", 1, design) is views.of("a", 1, design)
    assert views.of("a", 1, design) is not views.of("a", 2, design)


def test_typed_text_cannot_become_markdown() -> None:
    typed = "![x](http://example.org/a.png) **b** `c` $d$ :red[e] <img>"
    shown = literal(typed)
    assert "](" not in shown
    assert "**" not in shown.replace("\\*", "")
    assert shown.replace("\\", "") == typed
