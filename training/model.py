"""The networks, as Keras models from `images` `[N, 28, 28, 1]` to `scores` `[N, classes]`."""

import keras
from keras import layers
from sheetid.glyphs import SIDE


def original(classes: int) -> keras.Model:
    """Build the original recipe's network: two convolutions with BatchNorm and pooling, then 512 and softmax."""
    images = keras.Input((SIDE, SIDE, 1), name="images")
    x = images
    for filters in (32, 64):
        x = layers.Conv2D(filters, 5, padding="same")(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(512, activation="relu")(x)
    return keras.Model(images, layers.Dense(classes, activation="softmax", name="scores")(x))
