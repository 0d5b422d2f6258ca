"""Tables in Markdown."""

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]], texts: int = 1) -> str:
    """Return a table whose first `texts` columns are text and whose others are numbers."""
    align = [*["---"] * texts, *["---:"] * (len(head) - texts)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, align, *rows])
