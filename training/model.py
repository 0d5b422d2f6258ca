"""The networks, as Keras models from `images` `[N, 28, 28, 1]` to `scores` `[N, classes]`.

The one that is shipped is a network for whole strips, of which a window is the shortest: it has no padding,
so that it says of every window of a strip what it says of the window alone, and shares the work between them.
"""

from collections.abc import Sequence

import keras
from keras import layers

from sheetid.glyphs import SIDE

MOMENTUM = 0.95  # of BatchNorm's running statistics, which must have settled after some hundred steps
FILTERS = (16, 32, 96, 256)  # of the sliding network's convolutions
POOLED = 0
KERNELS = {  # of its convolutions, by how many there are, and where it is pooled; they see 28 pixels
    4: (6, 3, POOLED, 3, 3),
    5: (6, 3, 3, POOLED, 3, 2),  # versions 3 and 4, which still teach
}
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
    """Build the shipped network: convolutions that see 28 pixels, as a window has, the first in steps of two.

    Most of its weights are in the last ones, which are used at the fewest places.

    Args:
        classes: How many there are.
        filters: How many each convolution has.
    """
    images = keras.Input((SIDE, SIDE, 1), name="images")
    logits = layers.Reshape((classes,))(_along(classes, filters)(images))
    return keras.Model(images, layers.Softmax(name="scores")(logits), name="sliding")


def together(networks: Sequence[keras.Model]) -> keras.Model:
    """Build one network of several sliding ones, which says what they say in the mean of their logits."""
    images = keras.Input((SIDE, SIDE, 1), name="images")
    parts = [
        keras.Sequential(along(network).layers[1:], name=f"network_{number}")
        for number, network in enumerate(networks)
    ]
    logits = [layers.Flatten()(part(images)) for part in parts]
    return keras.Model(images, layers.Softmax(name="scores")(layers.Average()(logits)), name="together")


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
