"""The networks, as Keras models from `images` `[N, 28, 28, 1]` to `scores` `[N, classes]`.

What is shipped are networks for whole strips, of which a window is the shortest: they have no padding, so
that they say of every window of a strip what they say of the window alone, and share the work between them.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf
from keras import layers

from sheetid.vision.glyphs import SIDE

MOMENTUM = 0.95  # of BatchNorm's running statistics, which must have settled after some hundred steps
FILTERS = (16, 32, 96, 256)  # of the sliding network's convolutions
QUICK = (16, 32, 96)  # of those of a network that is asked first
POOLED = 0
KERNELS = {  # of its convolutions, by how many there are, and where it is pooled; they see 28 pixels
    3: (6, POOLED, 3, 4),
    4: (6, 3, POOLED, 3, 3),
    5: (6, 3, 3, POOLED, 3, 2),  # versions 3 and 4, which still teach
}
ALONG = "along"
SURE = 0.999  # probability of a class from which on the first network's word is taken
SURE_ENOUGH = 0.99  # the same of those that are asked next
RATHER_NONE = 0.8  # probability of none from which on all that is left may be a character half in the window


def original(classes: int) -> keras.Model:
    """Build the original recipe's network: two convolutions with BatchNorm and pooling, 512, softmax."""
    images = keras.Input((SIDE, SIDE, 1), name="images")
    x = images
    for filters in (32, 64):
        x = _convolved(x, filters, kernel=5, momentum=0.99)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(512, activation="relu")(x)
    return keras.Model(images, _scores(x, classes), name="original")


def sliding(classes: int, filters: Sequence[int] = FILTERS) -> keras.Model:
    """Build a network of convolutions that see 28 pixels, as a window has, the first in steps of two.

    Most of its weights are in the last ones, which are used at the fewest places.

    Args:
        classes: How many there are.
        filters: How many each convolution has.
    """
    images = keras.Input((SIDE, SIDE, 1), name="images")
    logits = layers.Reshape((classes,))(_along(classes, filters)(images))
    return keras.Model(images, layers.Softmax(name="scores")(logits), name="sliding")


def cascade(first: keras.Model, others: Sequence[keras.Model]) -> keras.Model:
    """Build one network of several sliding ones that are asked one after the other, while they are not sure.

    What the first is not sure of, the others answer in the mean of their logits, each only asked where those
    before it leave a doubt (a cascade, after Viola, Jones: Rapid object detection, 2001). Most windows of a
    sheet are plain, so the others' time hardly counts.
    """
    images = keras.Input((SIDE, SIDE, 1), name="images")
    logits = _Cascade(first, others)(images)
    return keras.Model(images, layers.Softmax(name="scores")(logits), name="cascade")


class _Cascade(layers.Layer):  # type: ignore[misc] # Keras says nothing of its types
    """From images `[N, 28, 28, 1]` to the logits `[N, classes]` of a cascade."""

    def __init__(self, first: keras.Model, others: Sequence[keras.Model]) -> None:
        super().__init__()
        self.first = along(first)
        self.others = [along(other) for other in others]
        self.classes = int(first.output_shape[-1])

    def call(self, images: tf.Tensor) -> tf.Tensor:
        logits = self._asked(self.first, images)
        unsure = tf.where(tf.logical_not(plain(tf.nn.softmax(logits), SURE)))
        said = tf.zeros_like(tf.gather_nd(logits, unsure))
        for count, other in enumerate(self.others, start=1):
            # A blank window comes first: not every runtime takes a batch of nothing. (No tf.pad: TensorFlow
            # would make that a part of the convolution, which then pads the picture instead of the batch.)
            doubtful = tf.concat([tf.zeros((1, SIDE, SIDE, 1)), tf.gather_nd(images, unsure)], axis=0)
            said += self._asked(other, doubtful)[1:]
            logits = tf.tensor_scatter_nd_update(logits, unsure, said / count)
            left = tf.where(tf.logical_not(plain(tf.nn.softmax(said / count), SURE_ENOUGH)))
            unsure, said = tf.gather_nd(unsure, left), tf.gather_nd(said, left)
        return logits

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.classes)

    def _asked(self, network: keras.Model, images: tf.Tensor) -> tf.Tensor:
        return tf.reshape(network(images), (-1, self.classes))


def plain(scores: tf.Tensor, sure: float) -> tf.Tensor:
    """Tell of which windows it is plain what they show, `[N]`, so that no further network need be asked.

    Where all is between one character and none, and rather none, others would be no surer: it is half in
    sight, and the windows beside this one show which it is.

    Args:
        scores: `[N, classes]`, probabilities, none last.
        sure: Probability from which on a network's word is taken.
    """
    none = scores[:, -1]
    best = tf.reduce_max(scores[:, :-1], axis=-1)
    rather_none = tf.logical_and(none >= RATHER_NONE, none + best >= sure)
    return tf.logical_or(best >= sure, rather_none)


def along(model: keras.Model) -> keras.Model:
    """Return the part of a sliding network that takes strips.

    It goes from `[N, 28, width, 1]` to the logits `[N, windows, classes]`, a window starting at every fourth
    column.
    """
    return model.get_layer(ALONG)


def _along(classes: int, filters: Sequence[int]) -> keras.Model:
    strips = keras.Input((SIDE, None, 1))
    x, left = strips, iter(filters)
    for kernel in KERNELS[len(filters)]:
        if kernel == POOLED:
            x = layers.MaxPooling2D()(x)
        else:
            x = _convolved(x, next(left), kernel=kernel, strides=2 if x is strips else 1, padding="valid")
    logits = layers.Reshape((-1, classes))(layers.Conv2D(classes, 1)(layers.Dropout(0.2)(x)))
    return keras.Model(strips, logits, name=ALONG)


def _convolved(
    x: keras.KerasTensor,
    filters: int,
    *,
    kernel: int,
    strides: int = 1,
    padding: str = "same",
    momentum: float = MOMENTUM,
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides, padding, use_bias=False)(x)  # BatchNorm has the bias
    return layers.ReLU()(layers.BatchNormalization(momentum=momentum)(x))


def _scores(x: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    return layers.Dense(classes, activation="softmax", name="scores")(x)
