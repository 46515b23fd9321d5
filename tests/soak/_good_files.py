"""Small models that Keras itself saved, in every form it has; they are what gets damaged."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

VARIABLE = "SOAK_MODELS"
"""Names the folder of the files, for the children of the process that made them."""

FORMS = ("small.json", "small.keras", "small.h5", "small.weights.h5")
CODE = """
import sys
from pathlib import Path
import keras

layers = keras.layers
inner = keras.Sequential([layers.Input((6, 6, 4)), layers.Conv2D(3, 3)], name="inner")
x = source = layers.Input((8, 8, 3), name="photo")
x = layers.Conv2D(4, 3, padding="same", activation="relu", name="conv")(x)
x = layers.BatchNormalization(name="bn")(x)
y = layers.DepthwiseConv2D(3, padding="same", name="depth")(x)
x = layers.Add(name="sum")([x, y])
x = layers.MaxPooling2D(3, strides=1, name="pool")(x)
x = inner(x)
x = layers.GlobalAveragePooling2D(name="mean")(x)
x = layers.Dropout(0.3, name="drop")(x)
outputs = layers.Dense(5, activation="softmax", name="classes")(x)
model = keras.Model(source, outputs, name="small")
folder = Path(sys.argv[1])
(folder / "small.json").write_text(model.to_json())
for name in ("small.keras", "small.h5"):
    model.save(folder / name)
model.save_weights(folder / "small.weights.h5")
"""


@cache
def saved_models() -> dict[str, bytes]:
    """Return the contents of the files by name; made by a child with Keras, once for a family."""
    if VARIABLE not in os.environ:
        folder = tempfile.mkdtemp(prefix="soak-models-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run([sys.executable, "-c", CODE, folder], check=True, capture_output=True)
        os.environ[VARIABLE] = folder
    return {name: Path(os.environ[VARIABLE], name).read_bytes() for name in FORMS}
