"""Training a network: on single glyphs, or on strips."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from sheetid.vision.glyphs import SIDE
from training import crops
from training.glyphsets import GlyphSet
from training.model import along
from training.stripsets import StripSet

PREDICTION_BATCH = 512
WARM_UP = 0.05  # share of the steps in which the learning rate rises
TEACHERS_SHARE = 0.5  # of what is taught, if there are teachers; labels have the rest


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast a network learns.

    Attributes:
        epochs: Times that it sees every glyph, or a piece of every strip.
        batch: Glyphs, or pieces, in one step.
        rate: Learning rate, the highest one if it changes.
        decay: Weight decay; None for plain Adam at a steady rate, the original recipe's way.
    """

    epochs: int
    batch: int
    rate: float
    decay: float | None


ORIGINAL = Schedule(epochs=8, batch=32, rate=1e-3, decay=None)
SHIPPED = Schedule(epochs=4, batch=64, rate=2e-3, decay=1e-3)
ONWARD_RATE = 0.5  # times the rate, for a network that has learned before


@dataclass(frozen=True, slots=True)
class Course:
    """What was planned, and for each epoch `loss`, `accuracy`, `val_loss` and `val_accuracy`."""

    schedule: Schedule
    history: dict[str, list[float]]

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"schedule": asdict(self.schedule), **self.history}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `to_dict` returned."""
        history = {name: values for name, values in kept.items() if name != "schedule"}
        return cls(Schedule(**kept["schedule"]), history)


def fit(model: keras.Model, train: GlyphSet, dev: GlyphSet, schedule: Schedule, seed: int) -> Course:
    """Train a model on glyphs, in place; the same seed and data give the same weights on the same machine."""
    steps = len(train) // schedule.batch
    model.compile(
        optimizer=_optimizer(schedule, steps * schedule.epochs),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stream = _stream(train, schedule.batch, seed)
    return _run(model, stream, schedule, validation_data=(dev.batch(), dev.labels))


def fit_strips(
    model: keras.Model,
    train: StripSet,
    dev: StripSet,
    schedule: Schedule,
    seed: int,
    *,
    teachers: Sequence[keras.Model] = (),
) -> Course:
    """Train a sliding network on strips, in place; undecided windows teach nothing, nor are they counted.

    Where there are `teachers`, sliding networks themselves, the mean of what they say of a window is taught
    beside its label (after Hinton, Vinyals, Dean: Distilling the knowledge in a neural network, 2015).
    """
    classes = int(model.output_shape[-1])
    steps = max(1, len(train) // schedule.batch)
    strips = along(model)
    strips.compile(
        optimizer=_optimizer(schedule, steps * schedule.epochs), loss=decided_loss, metrics=[accuracy]
    )
    asked = [along(teacher) for teacher in teachers]

    def taught(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        targets = tf.one_hot(labels, classes)  # nothing where they are UNDECIDED
        if not asked:
            return images, targets
        said = tf.add_n([tf.nn.softmax(teacher(images, training=False)) for teacher in asked]) / len(asked)
        mixed = (1 - TEACHERS_SHARE) * targets + TEACHERS_SHARE * said
        return images, mixed * tf.reduce_sum(targets, axis=-1, keepdims=True)

    stream = tf.data.Dataset.from_generator(
        lambda: crops.endless(train, min(schedule.batch, len(train)), classes - 1, seed),
        output_signature=(
            tf.TensorSpec((None, SIDE, crops.WIDTH, 1), tf.float32),
            tf.TensorSpec((None, crops.WINDOWS), tf.int64),
        ),
    )
    images, labels = crops.pieces(dev, np.arange(len(dev)), classes - 1, np.random.default_rng(seed))
    watched = images, tf.one_hot(labels, classes)
    return _run(
        strips, stream.map(taught).prefetch(4), schedule, steps_per_epoch=steps, validation_data=watched
    )


def decided_loss(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the mean cross-entropy of the decided windows.

    Args:
        targets: `[N, windows, classes]`, probabilities; all are 0 where a window is undecided.
        logits: The same shape.
    """
    return _mean(tf.nn.softmax_cross_entropy_with_logits(targets, logits), targets)


def accuracy(targets: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the share of the decided windows that are told right."""
    right = tf.argmax(logits, axis=-1) == tf.argmax(targets, axis=-1)
    return _mean(tf.cast(right, tf.float32), targets)


def _mean(values: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    decided = tf.cast(tf.reduce_any(targets > 0, axis=-1), tf.float32)
    return tf.reduce_sum(values * decided) / tf.maximum(tf.reduce_sum(decided), 1)


def _run(model: keras.Model, stream: tf.data.Dataset, schedule: Schedule, **options: object) -> Course:
    history = model.fit(
        stream,
        epochs=schedule.epochs,
        verbose=1 if sys.stdout.isatty() else 2,
        shuffle=False,  # the streams are shuffled
        **options,
    )
    return Course(
        schedule, {name: [float(value) for value in values] for name, values in history.history.items()}
    )


def predict(model: keras.Model, glyphs: GlyphSet) -> npt.NDArray[np.float32]:
    """Return the scores, `[N, classes]`."""
    return np.asarray(model.predict(glyphs.batch(), batch_size=PREDICTION_BATCH, verbose=0), np.float32)


def _optimizer(schedule: Schedule, steps: int) -> keras.optimizers.Optimizer:
    if schedule.decay is None:
        return keras.optimizers.Adam(schedule.rate)
    warm_up = max(1, round(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm_up), warmup_target=schedule.rate, warmup_steps=warm_up
    )
    return keras.optimizers.AdamW(rate, weight_decay=schedule.decay)


def _stream(glyphs: GlyphSet, batch: int, seed: int) -> tf.data.Dataset:
    """Shuffle anew each epoch; glyphs stay bytes until they are in a batch."""

    def as_floats(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return tf.cast(images, tf.float32)[..., None] / 255, labels

    data = tf.data.Dataset.from_tensor_slices((glyphs.images, glyphs.labels))
    shuffled = data.shuffle(len(glyphs), seed=seed, reshuffle_each_iteration=True)
    return shuffled.batch(batch, drop_remainder=True).map(as_floats).prefetch(2)
