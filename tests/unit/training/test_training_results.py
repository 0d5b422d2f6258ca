"""The page of a comparison."""

from training.results import to_markdown


def test_the_table_has_what_is_wrong_and_what_is_confused() -> None:
    """Of a network that may say other print or none, in brackets; of another one both are the same."""
    figure = {"glyphs": 200, "errors": 8, "error_rate": 0.04, "low": 0.02, "high": 0.06, "confused": 8}
    cost = {"parameters": 84_000, "bytes": 444_000, "milliseconds": 7.9}
    rows = [
        {"learned": "Chars74K", "network": "original", "figures": {"chars74k": figure}, "cost": cost},
        {
            "learned": "all",
            "network": "sliding",
            "figures": {"chars74k": figure | {"confused": 1}},
            "cost": cost,
        },
    ]
    page = to_markdown({"rows": rows, "random_split": figure, "alphanumeric": {"chars74k": figure}})
    assert "| Chars74K | original | 4.00% | 84,000 | 444 | 7.9 |" in page
    assert "| all | sliding | 4.00% (0.50%) | 84,000 | 444 | 7.9 |" in page
    assert "4.00% of 200 Chars74K" in page.replace("\n", " ")
