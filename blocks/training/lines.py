"""A run's figures as lines of text, for the log and the shell."""

from blocks.training.record import Epoch


def epoch_line(epoch: Epoch, epochs: int) -> str:
    """Return an epoch's figures in a line."""
    line = (
        f"epoch {epoch.epoch}/{epochs}: loss {epoch.loss:.4f}, accuracy {epoch.accuracy:.1%}, "
        f"validation loss {epoch.val_loss:.4f}, validation accuracy {epoch.val_accuracy:.1%}, "
        f"{epoch.seconds:.1f} s"
    )
    each = ", ".join(f"{one.name} {one.val_accuracy:.1%}" for one in epoch.outputs)
    return f"{line}; validation accuracy of each output: {each}" if each else line
