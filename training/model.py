"""The networks, as Keras models from `images` `[N, 28, 28, 1]` to `scores` `[N, classes]`."""

from collections.abc import Callable

import keras
from keras import layers

from sheetid.glyphs import SIDE

MOMENTUM = 0.9  # of BatchNorm's running statistics, which must have settled after some hundred steps

Build = Callable[[int], keras.Model]


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


def compact(classes: int) -> keras.Model:
    """Build the shipped network: deeper, with small kernels, at about half the original's arithmetic."""
    images = keras.Input((SIDE, SIDE, 1), name="images")
    x = layers.MaxPooling2D()(_convolved(images, 16))
    x = layers.MaxPooling2D()(_residual(_convolved(x, 32)))
    x = _residual(_convolved(x, 64))
    x = _convolved(x, 96, strides=2)
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    x = layers.Dense(128, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(x))
    return keras.Model(images, _scores(layers.Dropout(0.3)(x), classes), name="compact")


NETWORKS: dict[str, Build] = {"original": original, "compact": compact}


def _convolved(
    x: keras.KerasTensor, filters: int, kernel: int = 3, strides: int = 1, momentum: float = MOMENTUM
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False)(x)  # BatchNorm has the bias
    return layers.ReLU()(layers.BatchNormalization(momentum=momentum)(x))


def _residual(x: keras.KerasTensor) -> keras.KerasTensor:
    y = layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.Add()([x, layers.BatchNormalization(momentum=MOMENTUM)(y)]))


def _scores(x: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    return layers.Dense(classes, activation="softmax", name="scores")(x)
