"""Text as Markdown prints it, letter for letter."""

import re


def escaped(text: str) -> str:
    """Return a text, on one line, of which no letter is taken for Markdown or HTML."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|&~$-])", r"\\\1", " ".join(text.split()))
