"""Names in PyTorch code: classes, and attributes that no module has already."""

import re
from collections.abc import Iterable, Sequence

from blocks.exports.code.words import free_name
from blocks.own import PREFIX

NETWORK = "Network"
IN_CODE = frozenset({"self", "nn", "F", "torch", "layer", "same_padding", NETWORK})

IN_EVERY_MODULE = (
    "T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda "
    "double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter "
    "get_submodule half ipu load_state_dict modules mtia named_buffers named_children "
    "named_modules named_parameters parameters register_backward_hook register_buffer "
    "register_forward_hook register_forward_pre_hook register_full_backward_hook "
    "register_full_backward_pre_hook register_load_state_dict_post_hook "
    "register_load_state_dict_pre_hook register_module register_parameter "
    "register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state "
    "set_submodule share_memory state_dict to to_empty train training type xpu zero_grad"
)
"""What every module has; a layer of that name would take its place."""


def class_name(type_name: str, words: Sequence[str]) -> str:
    """Return what the class of a type of block is called: VGGBlockBatchNorm."""
    parts = [type_name.removeprefix(PREFIX), *words]
    pieces = [piece for part in parts for piece in re.split(r"[\W_]+", part) if piece]
    name = "".join(piece[0].upper() + piece[1:] for piece in pieces)
    return name if name[:1].isalpha() else f"Block{name}"


def attribute(wanted: str, taken: Iterable[str]) -> str:
    """Return a name for a submodule."""
    plain = wanted.lstrip("_")
    return free_name(
        plain if plain[:1].isalpha() else f"layer_{plain}", {*taken, *IN_EVERY_MODULE.split()}
    )
