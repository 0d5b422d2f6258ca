"""The networks, as Keras models from `images` `[N, 28, 28, 1]` to `scores` `[N, classes]`.

The one that is shipped is a network for whole strips, of which a window is the shortest: it has no padding,
so that it says of every window of a strip what it says of the window alone, and shares the work between them.
"""

from collections.abc import Sequence

import keras
from keras import layers

from sheetid.glyphs import SIDE

MOMENTUM = 0.95  # of BatchNorm's running statistics, which must have settled after some hundred steps
FILTERS = (24, 32, 48, 128, 256)  # of the sliding network's convolutions
ALONG = "along"


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
    """Build the shipped network: five convolutions that see 28 pixels, as a window has.

    Most of its weights are in the last ones, which are used at the fewest places.
    """
    images = keras.Input((SIDE, SIDE, 1), name="images")
    logits = layers.Reshape((classes,))(_along(classes, filters)(images))
    return keras.Model(images, layers.Softmax(name="scores")(logits), name="sliding")


def along(model: keras.Model) -> keras.Model:
    """Return the part of a sliding network that takes strips.

    It goes from `[N, 28, width, 1]` to the logits `[N, windows, classes]`, a window starting at every fourth
    column.
    """
    return model.get_layer(ALONG)


def _along(classes: int, filters: Sequence[int]) -> keras.Model:
    strips = keras.Input((SIDE, None, 1))
    x = _convolved(strips, filters[0], kernel=6, strides=2, padding="valid")
    for count in filters[1:3]:
        x = _convolved(x, count, padding="valid")
    x = layers.MaxPooling2D()(x)
    x = _convolved(x, filters[3], padding="valid")
    x = layers.Dropout(0.2)(_convolved(x, filters[4], kernel=2, padding="valid"))
    logits = layers.Reshape((-1, classes))(layers.Conv2D(classes, 1)(x))
    return keras.Model(strips, logits, name=ALONG)


def _convolved(
    x: keras.KerasTensor,
    filters: int,
    *,
    kernel: int = 3,
    strides: int = 1,
    padding: str = "same",
    momentum: float = MOMENTUM,
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides, padding, use_bias=False)(x)  # BatchNorm has the bias
    return layers.ReLU()(layers.BatchNormalization(momentum=momentum)(x))


def _scores(x: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    return layers.Dense(classes, activation="softmax", name="scores")(x)
