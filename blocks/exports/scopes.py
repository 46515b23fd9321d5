"""Which layers TensorFlow can have in a graph, whose parts are called as they are."""

import re

from blocks.analysis import Report

SCOPE = re.compile(r"[A-Za-z0-9_.\\/>-]*")


def unscoped(report: Report) -> str:
    """Say which layer has a name that TensorFlow refuses in a graph, or nothing."""
    for layer in report.graph:
        if not SCOPE.fullmatch(layer.name):
            return (
                f"{layer.scope.node}: TensorFlow takes no layer called {layer.name!a:.60} into a "
                "graph; give it a name of letters, digits and _, or choose another format"
            )
    return ""
