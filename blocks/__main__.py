"""The command line: python -m blocks templates | summary | diagram | export | prove | train ..."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from blocks.analysis import analyze, require_buildable
from blocks.design import Design
from blocks.errors import BlockwrightError, ReadError
from blocks.source import ITS_OWN, load, load_with_weights
from blocks.summary import summary_json, summary_text
from blocks.templates import templates
from blocks.training.options import add_settings
from blocks.weights import weights_fit

NEEDED = "the data; not for a run that is resumed, or whose script is written"


class _Parser(argparse.ArgumentParser):
    """An argument parser whose refusal is one sentence, without the usage around it."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(2)


def list_templates(args: argparse.Namespace) -> None:
    """Print the templates with title, parameters, multiply-adds and source."""
    rows = []
    for entry in templates().values():
        report = analyze(entry.design())
        rows.append(
            {
                "id": entry.id,
                "title": entry.title,
                "params": report.total,
                "macs": report.macs,
                "source": entry.source,
            }
        )
    if args.json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(
            f"{row['id']:<26}{row['params']:>14,} params {row['macs']:>18,} MACs  "
            f"{row['title']} ({row['source']})"
        )


def summarize(args: argparse.Namespace) -> None:
    """Print the layer table of a design, half-drawn or not."""
    design = load(args.source)
    report = analyze(design)
    print(json.dumps(summary_json(report), indent=2) if args.json else summary_text(report))
    if not args.json:
        _tell_weights(design)


def draw(args: argparse.Namespace) -> None:
    """Write the Graphviz diagram of a design, in the format the file's ending names."""
    from blocks.exports import export

    suffix = Path(args.output).suffix.lstrip(".").lower()
    if suffix not in ("svg", "png", "pdf", "dot"):
        raise ReadError(f"{args.output}: a diagram ends in .svg, .png, .pdf or .dot")
    export(load(args.source), suffix, args.output)


def export_file(args: argparse.Namespace) -> None:
    """Write an export, prove it, and keep it only when the proof holds."""
    from blocks.exports import export_proven, formats

    if args.format == "list":
        for entry in formats().values():
            print(f"{entry.id:<15}{entry.suffix:<14}{entry.title}")
        return
    if args.source is None or args.output is None:
        raise ReadError("export needs SOURCE, --format FORMAT and -o FILE")
    if args.format not in formats():
        raise ReadError(
            f"there is no format {args.format!a:.40}; there are: {', '.join(formats())}"
        )
    design = load(args.source)
    require_buildable(analyze(design))
    receipt = export_proven(design, args.format, Path(args.output))
    _report(receipt, args.receipt)


def prove_file(args: argparse.Namespace) -> int:
    """Compare an exported file with its design."""
    from blocks.proof import prove

    receipt = prove(load(args.source), Path(args.file))
    _report(receipt, args.receipt)
    return 0 if receipt.passed else 2


def _report(receipt: Any, path: str | None) -> None:
    if path:
        _write(Path(path), json.dumps(receipt.to_json(), indent=2))
    print(receipt.sentence(), file=sys.stdout if receipt.passed else sys.stderr)


def import_file(args: argparse.Namespace) -> None:
    """Write the design of any source as a design file, with the weights of a Keras file or not."""
    design = load_with_weights(args.source, args.weights) if args.weights else load(args.source)
    text = json.dumps(design.to_json(), indent=2, allow_nan=False)
    _write(Path(args.output), text)
    _tell_weights(design)


def _write(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    from blocks.exports import replacing

    with replacing(path, path.suffix) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _tell_weights(design: Design) -> None:
    """Say which layers have the weights that a design carries."""
    found = weights_fit(design, analyze(design).graph)
    if found:
        print(found.sentence(), file=sys.stdout if found.there else sys.stderr)


def train(args: argparse.Namespace) -> int:
    """Train a design; the run's folder is the one the editor reads too."""
    from blocks.training.command import train_command

    return train_command(None if args.resume else load(args.source), args)


def write_script(args: argparse.Namespace) -> None:
    """Write the training script of a run (its folder or name), or of a source and data."""
    from blocks.training.planning import script_command

    script_command(load, args)


def measure(args: argparse.Namespace) -> int:
    """Train a few steps on made-up samples and say what a run will take."""
    from blocks.training.planning import measure_command

    return measure_command(load, args)


def list_devices(args: argparse.Namespace) -> int:
    """Print the devices a design can be trained on."""
    from blocks.training.command import devices_command

    return devices_command(args)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    root = _Parser(prog="python -m blocks", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[..., Any], source: bool = True) -> _Parser:
        added = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        added.set_defaults(run=run)
        if source:
            added.add_argument("source", metavar="SOURCE")
        return added

    command("templates", list_templates, source=False).add_argument("--json", action="store_true")
    command("summary", summarize).add_argument("--json", action="store_true")
    command("diagram", draw).add_argument("-o", "--output", metavar="FILE", required=True)
    _add_files(command)
    _add_training(command)
    command("devices", list_devices, source=False).add_argument("--json", action="store_true")
    return root


def _add_files(command: Callable[..., _Parser]) -> None:
    """Add the commands that bring files in and out."""
    importing = command("import", import_file)
    importing.add_argument("-o", "--output", metavar="FILE", required=True)
    importing.add_argument(
        "--weights",
        nargs="?",
        const=ITS_OWN,
        metavar="FILE",
        help="bring the weights along: the source's own, or those of another Keras file",
    )
    exporting = command("export", export_file, source=False)
    exporting.add_argument("source", metavar="SOURCE", nargs="?")
    exporting.add_argument("--format", required=True, metavar="FORMAT", help="an id, or list")
    exporting.add_argument("-o", "--output", metavar="FILE")
    proving = command("prove", prove_file)
    proving.add_argument("file", metavar="FILE")
    for added in (exporting, proving):
        added.add_argument("--receipt", metavar="FILE.json")


def _add_training(command: Callable[..., _Parser]) -> None:
    """Add the commands that train, or tell what a training would be."""
    training = command("train", train)
    training.add_argument("--run", dest="folder", required=True, metavar="DIR")
    training.add_argument("--resume", action="store_true")
    scripting = command("script", write_script, source=False)
    scripting.add_argument("source", metavar="RUN_OR_SOURCE")
    scripting.add_argument("-o", "--output", metavar="FILE", help="standard output without it")
    measuring = command("measure", measure)
    measuring.add_argument("--json", action="store_true")
    for added in (training, scripting, measuring):
        added.add_argument("--data", metavar="NAME_OR_PATH", help=NEEDED)
        added.add_argument("--device", default="cpu", metavar="NAME")
        add_settings(added)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with sentences on standard error when not."""
    args = parser().parse_args(arguments)
    try:
        return int(args.run(args) or 0)
    except BlockwrightError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"{name}{error.strerror or error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
