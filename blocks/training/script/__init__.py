"""The take-home script of a run: plain Keras that loads, trains and judges as the run did."""

from blocks.training.script.writing import START, training_script

__all__ = ["START", "training_script"]
