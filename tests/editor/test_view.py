"""Numbers reach the page with every digit."""

import csv
import io

from blocks import Dense, Design, Flatten, Image, template
from editor.panels.charts import bars
from editor.panels.layers import COLUMNS, countable, table_csv
from editor.panels.totals import numbers
from editor.view import View, Views
from editor.words import literal


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
    figure = bars(View(template("tutorial_vgg3")))
    assert list(figure.data[0].y) == ["image_1", "vgg_block_1", "vgg_block_2", "vgg_block_3"]
    assert sum(figure.data[0].x) == 2_325_568


def test_the_totals_name_what_they_count() -> None:
    assert dict(numbers(View(template("tutorial_vgg")).report))["Trainable"] == "38,720"
    assert dict(numbers(View(Design()).report))["Receptive field"] == "none"


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
