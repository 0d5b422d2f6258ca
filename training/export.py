"""From a trained Keras model to the version directory that TensorFlow Serving loads."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow_serving.apis.predict_pb2 import PredictRequest
from tensorflow_serving.apis.prediction_log_pb2 import PredictionLog, PredictLog

from sheetid.vision.glyphs import SIDE
from training.model import sliding

INPUT, OUTPUT = "images", "scores"
KERNEL_AXES = 4  # of a convolution's weights: rows, columns, channels in and out
BATCH = 512  # windows that an exported model is asked of at a time
WARM_UP_BATCHES = (1, 128, 512)  # windows of one sheet: the least, a line of a crop, the corners of a page


def export(model: keras.Model, directory: Path, name: str) -> None:
    """Write a SavedModel that serves `scores` for `images` as `serving_default`, and warm-up requests.

    Args:
        model: From `[N, 28, 28, 1]` to `[N, classes]`.
        directory: The version directory; must not exist.
        name: Of the model that TensorFlow Serving serves it as.
    """
    served = _Served(model)
    tf.saved_model.save(served, str(directory), signatures={"serving_default": served.scores})
    write_warm_up(directory, name)


def restore(directory: Path) -> list[keras.Model]:
    """Return the sliding networks that were exported to a version directory: one, or several together."""
    exported = tf.saved_model.load(str(directory))._weights  # noqa: SLF001 - what `_Served` keeps
    shapes = [tuple(weight.shape) for weight in exported]
    starts = [at for at, shape in enumerate(shapes) if len(shape) == KERNEL_AXES and shape[2] == 1]
    networks = []
    for first, last in pairwise([*starts, len(shapes)]):
        *filters, classes = [shape[-1] for shape in shapes[first:last] if len(shape) == KERNEL_AXES]
        network = sliding(classes, filters)
        for variable, weight in zip(network.variables, exported[first:last], strict=True):
            variable.assign(weight)
        networks.append(network)
    return networks


def exported(directory: Path) -> Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]:
    """Return an exported model, from images `[N, 28, 28, 1]` to scores `[N, classes]`."""
    model = tf.saved_model.load(str(directory)).signatures["serving_default"]

    def answers(images: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        batches = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
        return np.concatenate([model(**{INPUT: tf.constant(batch)})[OUTPUT].numpy() for batch in batches])

    return answers


class _Served(tf.Module):  # type: ignore[misc] # TensorFlow says nothing of its types
    """A model as one function of named tensors; Keras' own export writes every weight twice."""

    def __init__(self, model: keras.Model) -> None:
        super().__init__()
        self._weights = [variable.value for variable in model.variables]
        self._call = partial(model, training=False)  # plain: what a model tracks would be written again

    @tf.function(  # type: ignore[untyped-decorator] # as above
        input_signature=[tf.TensorSpec((None, SIDE, SIDE, 1), tf.float32, name=INPUT)]
    )
    def scores(self, images: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT: self._call(images)}


def write_warm_up(directory: Path, name: str) -> None:
    """Write the requests that TensorFlow Serving tries a model with before it serves it."""
    path = directory / "assets.extra" / "tf_serving_warmup_requests"
    path.parent.mkdir()
    with tf.io.TFRecordWriter(str(path)) as writer:
        for count in WARM_UP_BATCHES:
            request = PredictRequest()
            request.model_spec.name = name
            request.model_spec.signature_name = "serving_default"
            glyphs = np.zeros((count, SIDE, SIDE, 1), np.float32)
            request.inputs[INPUT].CopyFrom(tf.make_tensor_proto(glyphs))
            writer.write(PredictionLog(predict_log=PredictLog(request=request)).SerializeToString())
