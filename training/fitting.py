"""Training a network on a set of glyphs."""

from dataclasses import asdict, dataclass

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from training.glyphsets import GlyphSet

PREDICTION_BATCH = 512
WARM_UP = 0.05  # share of the steps in which the learning rate rises


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast a network learns.

    Attributes:
        epochs: Times that it sees every glyph.
        batch: Glyphs in one step.
        rate: Learning rate, the highest one if it changes.
        decay: Weight decay; None for plain Adam at a steady rate, the original recipe's way.
    """

    epochs: int
    batch: int
    rate: float
    decay: float | None


ORIGINAL = Schedule(epochs=8, batch=32, rate=1e-3, decay=None)
SHIPPED = Schedule(epochs=5, batch=128, rate=2e-3, decay=1e-3)


@dataclass(frozen=True, slots=True)
class Course:
    """What was planned, and for each epoch `loss`, `accuracy`, `val_loss` and `val_accuracy`."""

    schedule: Schedule
    history: dict[str, list[float]]

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {"schedule": asdict(self.schedule), **self.history}


def fit(model: keras.Model, train: GlyphSet, dev: GlyphSet, schedule: Schedule, seed: int) -> Course:
    """Train a model in place; the same seed and data give the same weights on the same machine."""
    steps = len(train) // schedule.batch
    model.compile(
        optimizer=_optimizer(schedule, steps * schedule.epochs),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    history = model.fit(
        _stream(train, schedule.batch, seed),
        epochs=schedule.epochs,
        validation_data=(dev.batch(), dev.labels),
        verbose=2,
        shuffle=False,  # the stream is shuffled
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
