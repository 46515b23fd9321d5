"""Where Keras is imported for training: one file per way to train a model."""
