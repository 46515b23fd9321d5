"""Branches side by side: inception modules, and squeeze and excitation."""

from collections.abc import Iterator, Sequence

from blocks.block import Block
from blocks.imports.calls import Call
from blocks.imports.matching import Index
from blocks.imports.proposals.walk import channels, family, fork_of, made


def inception(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """Four branches that meet in a concatenation, as in GoogLeNet."""
    fork = fork_of(index, head) if head.kind == "Concatenate" and len(head.inputs) == 4 else None
    if fork is None:
        return
    filters = [_filters(branch) for branch in fork.branches]
    lengths = [len(found) for found in filters]
    if lengths == [1, 1, 1, 0]:
        names = ("filters_1x1", "filters_3x3", "filters_5x5")
        values = dict(zip(names, (found[0] for found in filters[:3]), strict=True))
        yield made("NaiveInception", **values), fork.source
    if lengths == [1, 2, 2, 1]:
        values = {
            "filters_1x1": filters[0][0],
            "filters_3x3": filters[1][0],
            "reduce_3x3": filters[1][1],
            "filters_5x5": filters[2][0],
            "reduce_5x5": filters[2][1],
            "pool_projection": filters[3][0],
        }
        normalised = any(call.kind == "BatchNormalization" for call in fork.branches[0])
        pooled_last = family(fork.branches[3][0]) == "MaxPooling"
        order = "projection_first" if pooled_last else "pool_first"
        yield made("Inception", **values, batch_norm=normalised, pool_order=order), fork.source


def _filters(branch: Sequence[Call]) -> list[int]:
    return [call.config["filters"] for call in branch if family(call) == "Conv"]


def squeeze_excite(index: Index, head: Call) -> Iterator[tuple[Block, str]]:
    """A product of what comes in with a gate for each channel."""
    if head.kind != "Multiply" or len(head.inputs) != 2:
        return
    fork = fork_of(index, head)
    if fork is None or len(fork.branches[1]) != 3 or family(fork.branches[1][1]) != "Conv":
        return
    inner, outer = fork.branches[1][1].config["filters"], channels(index, fork.source)
    if outer and inner:
        yield made("SqueezeExcite", ratio=max(outer // inner, 1)), fork.source
