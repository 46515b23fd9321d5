"""A training that was not started: what its script is written from, or a measurement made of."""

from dataclasses import dataclass
from typing import Any

from blocks.design import Design
from blocks.training.backends import resolved
from blocks.training.preflight import require_trainable
from blocks.training.settings import TrainingSettings
from blocks.training.start import versions


@dataclass(frozen=True)
class Unstarted:
    """A design, data and settings that fit each other; it has what a run tells of these."""

    design: Design
    data: str
    settings: TrainingSettings

    @property
    def about(self) -> dict[str, Any]:
        return {"versions": versions(self.settings.backend)}

    @property
    def backend(self) -> str:
        """What Keras computes with, by Keras' name."""
        return resolved(self.settings.backend)

    @property
    def starts_from_weights(self) -> bool:
        """Tell whether training would start from weights that the design carries."""
        return self.design.weights is not None and self.settings.start_from_weights


def unstarted(
    design: Design, data: str = "digits", *, device: str = "cpu", **settings: Any
) -> Unstarted:
    """Return a training as `start_run` would start it, without starting it.

    Raises:
        DesignError: with every reason why it could not start.
    """
    chosen = TrainingSettings(**settings)
    require_trainable(design, data, chosen, device)
    return Unstarted(design, data, chosen)
