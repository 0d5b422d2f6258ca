"""What it takes to fill a whole page: everything that is on it but for its number."""

from dataclasses import dataclass
from typing import Literal

Head = Literal["none", "letterhead", "title", "middle"]
Corner = Literal["nothing", "contact", "date", "page", "name", "logo"]
Body = Literal["paragraphs", "table", "form"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What fills a whole page.

    Attributes:
        face: The face of all its text, a name in `fonts.FACES`.
        heading: The face of its headings.
        height: Height of the text's digits, 1.7 to 2.6 mm.
        head: What stands at the top, left of the number: a letterhead, the page's title, or the sender's name
            and telephone in the middle.
        corner: What stands where the number would, on a page that has none.
        references: From the page's top edge to the date, the customer's number and the like, on the right
            below the corner, 50 to 72 mm.
        body: What comes below these, from top to bottom.
        signed: Whether somebody signed below the body.
        barcode: Whether a barcode with its figures stands above the foot.
        staple: Whether the page is stapled, top left.
    """

    face: str
    heading: str
    height: float
    head: Head = "letterhead"
    corner: Corner = "nothing"
    references: float = 64.0
    body: tuple[Body, ...] = ("paragraphs",)
    signed: bool = False
    barcode: bool = False
    staple: bool = False
