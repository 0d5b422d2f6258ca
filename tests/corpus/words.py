"""Words that are printed on the pages, and how they are strung into lines; none of them contains a digit."""

import numpy as np

WORDS = (  # noqa: SIM905 -- a list of quoted words is not readable
    "the sheet order of and for with your our delivery please return within days goods as agreed "
    "material customer signed checked received number pieces total amount account office department "
    "answer question page form date name street city station weight length colour remarks none yes no "
    "left right upper lower part unit box shelf row Blatt Auftrag Kunde Lieferung Ware bitte und der "
    "die das mit nach Rechnung Datum Name Ort Menge Preis Summe geprüft erhalten Unterschrift "
    "Abteilung Antwort Frage Seite Formular Straße Gewicht Länge Farbe Bemerkung keine examination "
    "candidate participant course semester laboratory sample patient consent survey household region "
).split()

NAMES = (
    "Nordwind",
    "Ahrens",
    "Birkholz",
    "Calder",
    "Morrow",
    "Linden",
    "Fabrik",
    "Institute",
    "Werke",
    "Union",
)
HEADINGS = (
    "Delivery note",
    "Order form",
    "Questionnaire",
    "Laborauftrag",
    "Teilnahmebogen",
    "Consent",
    "Inventory",
)
FIELDS = (
    "Name",
    "Vorname",
    "Street",
    "City",
    "Date",
    "Telefon",
    "Abteilung",
    "Position",
    "Remarks",
    "Unterschrift",
)
LABELS = (
    "No.",
    "Nr.",
    "No",
    "Nr",
    "Sheet ID:",
    "Formular-Nr.",
    "ID:",
    "Sheet",
    "Blatt-Nr.",
    "Ref.",
    "Form No.",
)


def phrase(rng: np.random.Generator, count: int) -> str:
    """Return `count` words, the first one capitalised."""
    text = " ".join(rng.choice(WORDS, count))
    return text[0].upper() + text[1:]


def name(rng: np.random.Generator) -> str:
    """Return the name of a firm."""
    return " ".join(rng.choice(NAMES, 2))
