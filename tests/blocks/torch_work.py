"""Runs exported PyTorch code beside Keras in a child process, many designs in one."""

import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blocks import Design, analyze, torch_code
from blocks.proof.load import TOLERANCES
from blocks.proof.network import network_checks
from blocks.proof.torch import TorchNetwork


def compare(payload: Mapping[str, Any], progress: Any) -> dict[str, Any]:
    """Return, for each design of a list, what its code does otherwise than Keras."""
    designs = [Design.from_json(data) for data in payload["designs"]]
    return {"findings": [_findings(design) for design in designs]}


def _findings(design: Design) -> list[str]:
    graph = analyze(design).graph
    settings = {"format": "torch", "tolerance": TOLERANCES["torch"]}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "exported.py"
        path.write_text(torch_code(design), encoding="utf-8")
        try:
            found = TorchNetwork(path, graph)
            checks = list(network_checks(design, graph, found, settings, lambda *_: None))
        except Exception:
            return [traceback.format_exc()[-1_500:], path.read_text(encoding="utf-8")]
    wrong = [f"{check.name}: {check.detail}" for check in checks if not check.passed]
    return wrong if len(checks) > 4 else [*wrong, "nothing was compared"]


def build(payload: Mapping[str, Any], progress: Any) -> dict[str, Any]:
    """Return, for each code of a list, the parameters of its network, and what leaves it.

    The network is made without memory for its weights, as PyTorch allows.
    """
    import torch

    rows = []
    for code, shapes in payload["codes"]:
        names: dict[str, Any] = {"__name__": "exported"}
        exec(compile_(code), names)
        with torch.device("meta"):
            network = names["Network"]().eval()
            answer = network(*[torch.empty(1, shape[-1], *shape[:-1]) for shape in shapes])
        ends = answer if isinstance(answer, tuple) else (answer,)
        weights = list(network.parameters())
        buffers = dict(network.named_buffers())
        statistics = [v for k, v in buffers.items() if not k.endswith("num_batches_tracked")]
        rows.append(
            {
                "trainable": sum(w.numel() for w in weights if w.requires_grad),
                "total": sum(w.numel() for w in [*weights, *statistics]),
                "shapes": [[*end.shape[2:], end.shape[1]] for end in ends],
            }
        )
    return {"rows": rows}


def compile_(code: str) -> Any:
    return compile(code, "exported.py", "exec")


def module_names(payload: Mapping[str, Any], progress: Any) -> dict[str, Any]:
    """Return what every module of PyTorch has, and whether frozen statistics stay frozen."""
    import torch

    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile_(payload["code"]), names)
    network = names["Network"]().train()
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    return {
        "names": [name for name in dir(torch.nn.Module()) if not name.startswith("_")],
        "training": [norm.training for norm in norms],
        "state": list(network.state_dict()),
    }
