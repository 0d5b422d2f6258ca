"""Ovals around print are taken away, and nothing else."""

import cv2
import numpy as np
import pytest

from sheetid.vision.decoding import Grey
from sheetid.vision.lines import find_lines
from sheetid.vision.page import search_region
from sheetid.vision.rings import without_rings
from tests.unit.reading.sheets import paper, printed

NUMBER = "305174"
CENTRE, AXES = (220, 110), (130, 45)  # of an oval around it


def with_number() -> Grey:
    """A sheet with a number."""
    return printed(NUMBER, at=(132, 124), size=1.4, thickness=3)


def ringed(thickness: int = 3, angle: float = 0.0) -> Grey:
    """The same with an oval around it, turned by so many degrees."""
    image = with_number()
    cv2.ellipse(image, CENTRE, AXES, 0, 0, 360, 40, thickness, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(CENTRE, angle, 1)
    return np.asarray(cv2.warpAffine(image, turn, image.shape[::-1], borderValue=230), np.uint8)


@pytest.mark.parametrize("reduction", [1, 2])
@pytest.mark.parametrize(("thickness", "angle"), [(2, 0.0), (7, 0.0), (3, 8.0)])
def test_a_ring_is_gone_and_its_number_stays(reduction: int, thickness: int, angle: float) -> None:
    """Thin or bold, aslant, and looked for in the picture or a smaller one; what is left is the number."""
    image = ringed(thickness, angle)
    small = cv2.resize(image, None, fx=1 / reduction, fy=1 / reduction, interpolation=cv2.INTER_AREA)
    cleared = without_rings(image, np.asarray(small, np.uint8))
    turn = cv2.getRotationMatrix2D(CENTRE, angle, 1)
    bare = cv2.warpAffine(with_number(), turn, image.shape[::-1], borderValue=230)
    np.testing.assert_array_less(np.abs(cleared.astype(int) - bare), 60)
    best, _ = find_lines(search_region(image), 1).runs[0]
    assert best.even >= len(NUMBER) - 1


def test_a_ring_goes_where_a_label_touches_it() -> None:
    """What stands beside it stays, but for what the ring goes over."""
    image = ringed()
    cv2.putText(image, "No", (60, 122), cv2.FONT_HERSHEY_SIMPLEX, 1, 40, 2)
    cleared = without_rings(image, image)
    assert cleared[CENTRE[1] - AXES[1], CENTRE[0]] > 200
    assert (cleared[95:125, 60:82] < 100).sum() == (image[95:125, 60:82] < 100).sum()


@pytest.mark.parametrize(("shade", "axes"), [(185, AXES), (40, (210, 40))], ids=["pale", "long"])
def test_pale_and_long_rings_go_too(shade: int, axes: tuple[int, int]) -> None:
    """Some pens write pale, and a long number takes a long ring."""
    image = with_number()
    cv2.ellipse(image, CENTRE, axes, 0, 0, 360, shade, 3, cv2.LINE_AA)
    cleared = without_rings(image, image)
    np.testing.assert_array_less(np.abs(cleared.astype(int) - with_number()), 60)


@pytest.mark.parametrize("what", ["nothing", "a frame", "a bare ring", "a disc", "an arc"])
def test_what_is_no_ring_around_print_stays(what: str) -> None:
    """A frame has corners; a ring without print is a letter or a picture."""
    image = paper() if what == "a bare ring" else with_number()
    if what == "a frame":
        cv2.rectangle(image, (100, 75), (340, 145), 40, 4)
    elif what == "a bare ring":
        cv2.ellipse(image, CENTRE, AXES, 0, 0, 360, 40, 3)
    elif what == "a disc":
        cv2.ellipse(image, CENTRE, AXES, 0, 0, 360, 90, -1)
    elif what == "an arc":
        cv2.ellipse(image, CENTRE, AXES, 0, 30, 300, 40, 3)
    assert without_rings(image, image) is image


def test_a_ring_is_found_beside_many_cells() -> None:
    """No more than the widest shapes are looked at, and it is one of them; a cell is no ring."""
    image = ringed()
    for top in range(180, 390, 18):
        for left in range(5, 410, 36):
            cv2.rectangle(image, (left, top), (left + 32, top + 15), 40, 1)
    cleared = without_rings(image, image)
    assert cleared[CENTRE[1] - AXES[1], CENTRE[0]] > 200
    assert np.array_equal(cleared[180:], image[180:])
