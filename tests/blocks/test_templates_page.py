"""docs/templates.md says what the templates are: `make golden` writes it anew."""

import json
from pathlib import Path

from blocks import Template, analyze, templates

PAGE = Path(__file__).parents[2] / "docs" / "templates.md"

HEAD = """\
# Templates

The reference networks that come with Blockwright: on the Templates page of the editor, by id on \
the command line (`python -m blocks summary vgg16`), and from Python, for another input and other \
classes where you like (`template("vgg16", height=64, width=64, classes=10)`).

Parameters are those of the whole network. MACs are multiply-adds of convolutions and dense \
layers for one sample; one MAC is two floating-point operations. Numbers in bold have a source of \
their own, printed there or counted on the network built from it with Keras, and ours equal them \
to the unit; for the others there is none. All of them, with their sources, stand in \
`blocks/published.py`; the Conformity panel of the editor compares a design with them.

| id | title | parameters | MACs | source | idea |
|---|---|---:|---:|---|---|
"""

MIDDLE = """
## Where code in circulation leaves its source

A plain id follows the paper; an id that ends in `_seed` follows code as it was printed. What a \
template has otherwise than its source:

"""

END = """
## What no template follows

Mistakes in the same texts that a network cannot have, or should not:

- "Five Powerful CNN Architectures": its residual networks put a ReLU before the Add and on the \
projection, and bottlenecks have none after the Add. Copies of the text lost every `else:`; \
built as they stand they fail at the first Add, (56, 56, 128) + (28, 28, 128), and with `else` \
put back only inside the blocks they have one block too many in each stage: 17,980,392 \
parameters where 11,703,912 are meant. `resnet18` to `resnet152` follow He et al.
- Its GoogLeNet ignores the number of classes it is given, and compiling it fails because one \
list of metrics cannot serve three outputs. `googlenet_aux_seed` takes its classes in every head.
- Sums in its prose are not those of its code: 416 is 2,416; 3000 is 48,120; 924 is 850; \
4,100,096 is 4,097,000.
- The tutorial imports `concatenate` from a place that Keras no longer has.
- keras.applications gives the convolutions of its ResNets biases and batch normalisation an \
epsilon of 1.001e-5; `resnet50`, `resnet101` and `resnet152` do the same so that its weights \
fit. The biases add nothing that batch normalisation does not take away again.

## Add a template

A template is an entry of `TEMPLATES` in a file of `blocks/architectures/`, drawn with the public \
names of `blocks`; `FAMILY` is the file's heading on the Templates page. Nothing else changes: the \
page, the command line and the tests find it. Its published totals go into `blocks/published.py`, \
and `make golden` writes this page anew.
"""


def page() -> str:
    rows = "".join(map(row, templates().values()))
    notes = "".join(
        f"- `{entry.id}`: {entry.differs}\n" for entry in templates().values() if entry.differs
    )
    return HEAD + rows + MIDDLE + notes + END


def row(entry: Template) -> str:
    report, published = analyze(entry.design()), entry.published
    total, macs = f"{report.total:,}", f"{report.macs:,}"
    if published:
        total = f"**{total}**"
        macs = f"**{macs}**" if published.macs else macs
    return (
        f"| `{entry.id}` | {entry.title} | {total} | {macs} | {entry.source} | {entry.summary} |\n"
    )


def test_the_page_is_what_the_templates_are(update_golden: bool) -> None:
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make golden` and commit the page"


def test_every_template_that_follows_printed_code_says_how_it_differs() -> None:
    seeds = [entry for entry in templates().values() if entry.id.endswith("_seed")]
    assert len(seeds) == 3
    assert all(entry.differs for entry in seeds)


def test_no_text_of_a_template_breaks_the_table() -> None:
    for entry in templates().values():
        words = json.dumps([entry.title, entry.source, entry.summary, entry.differs])
        assert "|" not in words
        assert "\\n" not in words
