"""The settings of a training as options of the command line, from their one declaration."""

import argparse
from collections.abc import Callable
from typing import Any

from blocks.training.settings import TrainingSettings

ARGUMENTS: dict[str, tuple[Callable[[str], Any], str]] = {
    "integer": (int, "N"),
    "number": (float, "X"),
    "choice": (str, "NAME"),
    "text": (str, "TEXT"),
}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting, with the words of the page."""
    for name, param in TrainingSettings.params().items():
        option, words = f"--{name.replace('_', '-')}", " ".join(param.help.split())
        if param.kind == "flag":
            parser.add_argument(option, action=argparse.BooleanOptionalAction, help=words)
        else:
            kind, shown = ARGUMENTS[param.kind]
            parser.add_argument(option, type=kind, metavar=shown, help=words.replace("%", "%%"))


def given_settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that were given, by name; the others keep their defaults."""
    found = {name: getattr(args, name, None) for name in TrainingSettings.params()}
    return {name: value for name, value in found.items() if value is not None}
