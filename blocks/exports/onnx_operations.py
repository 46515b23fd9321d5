"""Operations of TensorFlow's that tf2onnx does not know."""

from typing import Any

import numpy as np


def register() -> None:
    """Teach tf2onnx the operations that layers here need."""
    from tf2onnx.handler import tf_op

    @tf_op("Erfc")
    class Erfc:
        """1 - erf, which a GELU needs."""

        @classmethod
        def version_9(cls, context: Any, node: Any, **_: Any) -> None:
            _difference(context, node, "Erf", one_first=True)

    @tf_op("Expm1")
    class Expm1:
        """exp - 1, which a CELU needs."""

        @classmethod
        def version_9(cls, context: Any, node: Any, **_: Any) -> None:
            _difference(context, node, "Exp", one_first=False)


def _difference(context: Any, node: Any, kind: str, one_first: bool) -> None:
    """Put an operation of ONNX's and its difference to 1 in the place of a node."""
    same = {"shapes": node.output_shapes, "dtypes": node.output_dtypes}
    context.remove_node(node.name)
    inner = context.make_node(kind, node.input, **same).output[0]
    one = context.make_const(f"{node.name}_one", np.array(1, np.float32)).output[0]
    order = [one, inner] if one_first else [inner, one]
    context.make_node("Sub", order, outputs=node.output, name=node.name, **same)
