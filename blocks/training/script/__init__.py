"""The take-home script of a run: plain Keras that loads, trains and judges as the run did."""

from blocks.training.script.main import START
from blocks.training.script.writing import training_script

__all__ = ["START", "training_script"]
