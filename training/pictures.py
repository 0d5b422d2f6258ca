"""The report's pictures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from training.glyphsets import GlyphSet
from training.measures import Reliability, Scores

WORST = (8, 16)  # rows and columns of the contact sheet
DPI = 100


def learning_curves(history: Mapping[str, Sequence[float]], path: Path) -> None:
    """Draw loss and error over the epochs, for what is learned from and for what is not."""
    figure = Figure(figsize=(9, 3.5), layout="constrained")
    loss, error = figure.subplots(1, 2)
    epochs = range(1, len(history["loss"]) + 1)
    for name, label in (("", "train"), ("val_", "dev")):
        loss.plot(epochs, history[f"{name}loss"], label=label)
        error.semilogy(epochs, [max(1 - value, 1e-5) for value in history[f"{name}accuracy"]], label=label)
    loss.set(xlabel="epoch", ylabel="loss")
    error.set(xlabel="epoch", ylabel="share of errors")
    loss.legend()
    figure.savefig(path, dpi=DPI)


def reliability(before: Reliability, after: Reliability, path: Path) -> None:
    """Draw how often answers are right against how sure they are, before and after temperature scaling."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    for axes, bins, title in zip(
        figure.subplots(1, 2, sharey=True), (before, after), ("before", "after"), strict=True
    ):
        some = bins.counts > 0
        axes.plot([0, 1], [0, 1], color="0.7")
        axes.plot(bins.confidence[some], bins.accuracy[some], "o-")
        axes.set(
            xlabel="confidence",
            title=f"{title}: calibration error {bins.expected_error:.2%}",
            xlim=(0, 1),
            ylim=(0, 1),
        )
    figure.savefig(path, dpi=DPI)


def confusion(counts: npt.NDArray[np.int64], names: Sequence[str], path: Path) -> None:
    """Draw which class was taken for which; the colour goes by the logarithm, so that single errors show."""
    side = max(4.0, 0.42 * len(names))
    figure = Figure(figsize=(side + 0.6, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(np.log1p(counts), cmap="Blues")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axes.text(
                column,
                row,
                str(count),
                ha="center",
                va="center",
                fontsize=6,
                color="w" if row == column else "k",
            )
    axes.set(xticks=range(len(names)), yticks=range(len(names)), xlabel="answer", ylabel="truth")
    axes.set_xticklabels(names)
    axes.set_yticklabels(names)
    figure.savefig(path, dpi=DPI)


def worst_mistakes(glyphs: GlyphSet, scores: Scores, names: Sequence[str], path: Path) -> None:
    """Draw the surest of the wrong answers: truth, answer, confidence."""
    wrong = np.flatnonzero(scores.argmax(axis=1) != glyphs.labels)
    wrong = wrong[np.argsort(-scores[wrong].max(axis=1))]
    rows, columns = WORST
    figure = Figure(figsize=(columns * 0.75, rows * 0.95), layout="constrained")
    for axes in figure.subplots(rows, columns).flat:
        axes.axis("off")
    for axes, index in zip(figure.axes, wrong, strict=False):
        answer = scores[index].argmax()
        axes.imshow(glyphs.images[index], cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(
            f"{names[glyphs.labels[index]]}→{names[answer]} {scores[index, answer]:.2f}", fontsize=6
        )
    figure.savefig(path, dpi=DPI)
