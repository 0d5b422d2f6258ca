"""Hypothesis strategies for pictures: of any size from 16 pixels on, blank, noisy, striped or printed."""

import cv2
import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from sheetid.vision.decoding import SHORTEST_SIDE

Picture = npt.NDArray[np.uint8]
Kind = st.sampled_from(["blank", "noise", "dots", "stripes", "bars", "print", "blobs", "ramp"])
# Mostly small, for speed; and now and then as wide or as high as an image may be beside its other side.
Size = st.one_of(
    st.tuples(st.integers(SHORTEST_SIDE, 400), st.integers(SHORTEST_SIDE, 400)),
    st.tuples(st.integers(SHORTEST_SIDE, 40), st.integers(400, 30_000)),
    st.tuples(st.integers(400, 30_000), st.integers(SHORTEST_SIDE, 40)),
)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """A grey image `[height, width]` uint8."""
    height, width = draw(Size)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dark, bright = draw(st.integers(0, 255)), draw(st.integers(0, 255))
    share = drawn(draw(Kind), height, width, random)
    return np.asarray(bright + (dark - float(bright)) * share, np.uint8)


def drawn(kind: str, height: int, width: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """A picture of that kind, `[height, width]`, 0 where there is paper and 1 where there is ink."""
    shape = (height, width)
    if kind == "noise":
        return random.random(shape)
    if kind == "dots":
        return (random.random(shape) < random.random()).astype(np.float64)
    if kind in {"stripes", "bars"}:
        edges = random.random(height if kind == "stripes" else width) < random.random()
        return np.broadcast_to(edges[:, None] if kind == "stripes" else edges, shape).astype(np.float64)
    if kind == "ramp":
        return np.linspace(np.linspace(0, 0.5, width), np.linspace(0.5, 1, width), height)
    canvas = np.zeros(shape, np.uint8)
    if kind == "print":
        size = float(random.uniform(0.3, 4))
        text = "".join(random.choice(list("0123456789-/ A|"), 12))
        thickness = int(random.integers(1, 8))
        cv2.putText(canvas, text, (2, int(height * 0.7)), cv2.FONT_HERSHEY_SIMPLEX, size, 255, thickness)
    if kind == "blobs":
        for _ in range(30):
            left, top = int(random.integers(0, width)), int(random.integers(0, height))
            right, bottom = left + int(random.integers(1, 30)), top + int(random.integers(1, 40))
            cv2.rectangle(canvas, (left, top), (right, bottom), 255, -1)
    return canvas / 255
