"""Text as LaTeX prints it, letter for letter."""

SIGNS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "…": r"\dots{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
    **{sign: f"{{{sign}}}" for sign in "`'-[]"},  # no ligatures, no optional argument
}


def escaped(text: str) -> str:
    """Return a text of which LaTeX takes no letter for a command; other scripts become `?`."""
    return "".join(SIGNS.get(sign, sign if sign.isascii() else _accent(sign)) for sign in text)


def _accent(sign: str) -> str:
    """Keep what the usual fonts of T1 have: the letters of western and central Europe."""
    return sign if sign.isalpha() and ord(sign) < 0x180 else "?"
