"""A network that hands out what leaves its groups of layers too, the same on every backend."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from blocks.training.watching import Group

if TYPE_CHECKING:
    import keras


class Watched:
    """A model that is looked into: the variables of its groups, and the values that leave them."""

    def __init__(self, model: "keras.Model", groups: Sequence[Group]) -> None:
        import keras

        inner = [model.get_layer(group.output).output for group in groups]
        self._model, self._ends = model, len(model.outputs)
        self._network = keras.Model(model.inputs, [*model.outputs, *inner])
        self.variables = [
            [v for name in group.layers for v in model.get_layer(name).trainable_variables]
            for group in groups
        ]

    def step(self, x: Any, y: Any) -> tuple[Any, list[Any]]:
        """Return the loss of a batch in training, and what leaves each group."""
        found = self._network(x, training=True)
        predicted = found[0] if self._ends == 1 else found[: self._ends]
        loss = self._model.compute_loss(x=x, y=y, y_pred=predicted, training=True)
        return loss, found[self._ends :]
