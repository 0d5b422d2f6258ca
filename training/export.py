"""From a trained Keras model to the version directory that TensorFlow Serving loads."""

from pathlib import Path

import keras


def export_savedmodel(model: keras.Model, directory: Path) -> None:
    """Write a SavedModel whose signature `serving_default` takes `images` and gives `scores`."""
    named = keras.Model({"images": model.inputs[0]}, {"scores": model.outputs[0]})
    named.export(str(directory), verbose=False)
