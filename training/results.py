"""The page with the table of a comparison."""

from collections.abc import Mapping
from typing import Any

COLUMNS = {
    "mnist": "MNIST",
    "chars74k": "Chars74K, held-out fonts",
    "synthetic": "synthetic, held-out fonts",
    "books": "real: books",
    "receipts": "real: receipts",
}
_PAGE = """# Results

Written by `make compare-training`. Share of characters that are not told right, by what a network learned
from. A network that knows other print and none may also be wrong by saying so; in brackets, the share that it
gets wrong when it must name a character, as the others have to. Milliseconds are those of one thread for 256
windows (OpenVINO, f32; BatchNorm folds into the convolutions).

{table}

Characters tested: {glyphs}. Nobody learned from real scans.

Published figures go by random splits: an MNIST-trained LeNet reads 81 % of Chars74K's digits, one trained on
Chars74K 99.1 %. So split, with like fonts on both sides, the original network is wrong on {leak}
Chars74K digits that are held out.

The same code, alphabet 0-9A-Z, sliding network: {plates}.
"""


def to_markdown(results: Mapping[str, Any]) -> str:
    """Return the page with the table: what each network gets wrong, and what it costs."""
    rows = results["rows"]
    tested = {name: title for name, title in COLUMNS.items() if name in rows[0]["figures"]}
    head = ["learned from", "network", *tested.values(), "weights", "kB", "ms for 256"]
    lines = [f"| {' | '.join(head)} |", f"| --- | --- |{' ---: |' * (len(head) - 2)}"]
    for row in rows:
        cost = row["cost"]
        wrong = [told(row["figures"][name]) for name in tested]
        size = [f"{cost['parameters']:,}", f"{cost['bytes'] // 1000:,}", str(cost["milliseconds"])]
        lines.append(f"| {' | '.join([row['learned'], row['network'], *wrong, *size])} |")
    glyphs = [f"{title} {rows[0]['figures'][name]['glyphs']:,}" for name, title in tested.items()]
    leak = results["random_split"]
    plates = [
        f"{COLUMNS[name]} {row['error_rate']:.2%} of {row['glyphs']:,} wrong"
        for name, row in results["alphanumeric"].items()
    ]
    return _PAGE.format(
        table="\n".join(lines),
        glyphs=", ".join(glyphs),
        leak=f"{leak['error_rate']:.2%} of {leak['glyphs']}",
        plates=", ".join(plates),
    )


def told(figure: Mapping[str, float]) -> str:
    """Return the share of errors, and in brackets that of confused characters if it is another."""
    confused = (
        f" ({figure['confused'] / figure['glyphs']:.2%})" if figure["confused"] != figure["errors"] else ""
    )
    return f"{figure['error_rate']:.2%}{confused}"
