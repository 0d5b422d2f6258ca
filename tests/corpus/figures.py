"""Figures that stand on pages and are not the sheet's number, in the usual spellings."""

import numpy as np

from tests.corpus import words

PARTED = 0.6  # of the figures have signs among their digits, the others words beside them
MONTHS = ("January", "March", "April", "May", "June", "July", "August", "October", "Mai", "Juni", "Dezember")


def date(rng: np.random.Generator) -> str:
    """Return a date in one of the usual spellings."""
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(2005, 2027)
    return (f"{day:02}.{month:02}.{year}", f"{day}/{month}/{year}", f"{year}-{month:02}-{day:02}")[
        rng.integers(3)
    ]


def amount(rng: np.random.Generator) -> str:
    """Return a small sum of money."""
    return f"{rng.integers(1, 999)}.{rng.integers(100):02}"


def running(rng: np.random.Generator, least: int, most: int) -> str:
    """Return a customer's, an article's or an account's number of `least` to `most` digits."""
    return "".join(map(str, rng.integers(0, 10, rng.integers(least, most + 1))))


def telephone(rng: np.random.Generator) -> str:
    """Return a telephone number."""
    area, line, end = rng.integers(20, 999), running(rng, 5, 7), rng.integers(1, 99)
    spellings = (
        f"0{area} {line}",
        f"0{area}/{line}",
        f"(0{area}) {line[:3]} {line[3:]}-{end}",
        f"+49 {area} {line}",
    )
    return spellings[rng.integers(len(spellings))]


def page_number(rng: np.random.Generator) -> str:
    """Return which of how many pages this is."""
    page = rng.integers(1, 20)
    pages = page + rng.integers(10)
    return (f"Page {page} of {pages}", f"Seite {page}/{pages}", f"- {page} -", f"{page}")[rng.integers(4)]


def alone(rng: np.random.Generator) -> str:
    """Return figures that stand by themselves on a page and are no sheet's number: with signs or words."""
    return parted(rng) if rng.random() < PARTED else in_words(rng)


def in_words(rng: np.random.Generator) -> str:
    """Return figures with words: a date, a town with its post code, a weight, a sum, an account."""
    day, month, year = rng.integers(1, 29), rng.choice(MONTHS), rng.integers(1950, 2027)
    spellings = (
        f"{day} {month} {year}",
        f"{month} {day}, {year}",
        f"{rng.choice(words.NAMES)}, {day}. {month} {year}",
        f"{running(rng, 5, 5)} {rng.choice(words.NAMES)}",
        f"{_either(rng, 'D', 'CH', 'F', 'I')}-{running(rng, 5, 5)} {rng.choice(words.NAMES)}",
        f"{rng.integers(1000, 99999)} {_either(rng, 'EUR', 'USD', 'kg', 'km', 'kWh', 'Stück', 'pcs')}",
        f"IBAN DE{running(rng, 2, 2)} {running(rng, 4, 4)} {running(rng, 4, 4)}",
    )
    return spellings[rng.integers(len(spellings))]


def parted(rng: np.random.Generator) -> str:
    """Return figures with signs among them: a date, a time, a sum, a share, a telephone or page number."""
    day, month, year = rng.integers(1, 29), rng.integers(1, 13), rng.integers(100)
    spellings = (
        ".".join(str(rng.integers(1, 255)) for _ in range(4)),
        date(rng),
        f"{day}.{month}.{year:02}",
        f"{rng.integers(24):02}:{rng.integers(60):02}",
        amount(rng),
        f"{rng.integers(1, 999)}{rng.choice(list('.,'))}{running(rng, 3, 3)}",
        f"{rng.integers(1, 99)}/{rng.integers(1, 99)}",
        f"{rng.integers(1, 99)} / {rng.integers(10, 99)}",
        f"{running(rng, 2, 4)}-{running(rng, 2, 5)}",
        f"Tel. {telephone(rng)}",
        page_number(rng),
    )
    return spellings[rng.integers(len(spellings))]


def address(rng: np.random.Generator) -> list[str]:
    """Return the lines of an address."""
    firm, person = words.name(rng), words.phrase(rng, 2)
    street = f"{rng.choice(words.NAMES)}straße {rng.integers(1, 220)}"
    town = f"{running(rng, 5, 5)} {rng.choice(words.NAMES)}"
    return [firm, person, street, town]


def contact(rng: np.random.Generator) -> list[str]:
    """Return how somebody is reached."""
    site = f"www.{rng.choice(words.NAMES).lower()}.example"
    return [f"Tel. {telephone(rng)}", f"Fax {telephone(rng)}", site]


def references(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Return what a letter refers to, each with its value: three to six of the usual things."""
    year = rng.integers(2005, 2027)
    usual = [
        (_either(rng, "Date", "Datum"), date(rng)),
        (_either(rng, "Customer no.", "Kunden-Nr."), running(rng, 5, 8)),
        (_either(rng, "Phone", "Telefon"), telephone(rng)),
        (_either(rng, "Invoice", "Rechnung"), f"RE-{year}-{running(rng, 4, 5)}"),
        (_either(rng, "Our ref.", "Zeichen"), f"{rng.choice(words.NAMES)[:2].upper()}/{running(rng, 2, 3)}"),
        (_either(rng, "Total", "Summe"), amount(rng)),
    ]
    chosen = rng.permutation(len(usual))[: rng.integers(3, len(usual) + 1)]
    return [usual[index] for index in chosen]


def foot(rng: np.random.Generator) -> list[list[str]]:
    """Return the columns of a page's foot: who, how to reach them, and where their money is."""
    groups = [running(rng, 4, 4) for _ in range(4)]
    bank = [
        f"IBAN DE{running(rng, 2, 2)} {' '.join(groups)} {running(rng, 2, 2)}",
        f"Konto {running(rng, 7, 10)}",
        f"St.-Nr. {running(rng, 2, 2)}/{running(rng, 3, 3)}/{running(rng, 5, 5)}",
    ]
    return [address(rng)[1:], contact(rng), bank]


def sentence(rng: np.random.Generator) -> str:
    """Return a line of prose, longer than a page is wide; a figure stands in one of five."""
    text = words.phrase(rng, 20).split()
    if rng.random() < 0.2:
        figures = (date(rng), amount(rng), running(rng, 2, 8), telephone(rng))
        text.insert(rng.integers(1, 8), figures[rng.integers(len(figures))])
    return " ".join(text)


def _either(rng: np.random.Generator, *spellings: str) -> str:
    return spellings[rng.integers(len(spellings))]
