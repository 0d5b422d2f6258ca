"""The benchmark's page shows every reader that was asked, and Tesseract at its best."""

from pathlib import Path

import pytest

from tests.benchmarks import store
from tests.benchmarks.reading import chosen_corpora, chosen_readers, drawn_ahead
from tests.benchmarks.report import MAIN, best_modes, write_report
from tests.benchmarks.scores import Record
from tests.corpus.corpora import RealCorpus, Sample


def records(exact: int) -> list[Record]:
    """Return ten answers of which `exact` are right and the others wrong."""
    return [Record("1234", "1234" if i < exact else "9999", None, 0.9 - i / 100, 12, 40) for i in range(10)]


def test_tesseract_is_shown_at_its_best() -> None:
    """The page mode that reads most sheets stands for Tesseract, with and without its whitelist."""
    modes = {"tesseract-6": records(3), "tesseract-11": records(7), "tesseract-6-digits": records(5)}
    assert {family: name for family, (name, _) in best_modes(modes).items()} == {
        "tesseract": "tesseract-11",
        "tesseract-digits": "tesseract-6-digits",
    }


def test_writes_tables_and_plots(tmp_path: Path) -> None:
    """What is kept comes out as a table with a row for each reader, and as plots."""
    store.save(tmp_path / "kept", "mild", "ours", records(9))
    store.save(tmp_path / "kept", "mild", "tesseract-7", records(4))
    store.save(tmp_path / "kept", "page", "ours", records(8))
    for level in range(5):
        store.save(tmp_path / "kept", f"blur-{level}", "ours", records(10 - level))
    page = write_report(store.load(tmp_path / "kept"), tmp_path / "report", "the command").read_text()
    assert "`the command`" in page
    assert "| **this project** | 10 | 90.0 (59.6 to 98.2) | 10.0" in page
    assert "| Tesseract 5, page mode 7 | 10 | 40.0" in page
    assert "## page: whole A4 pages" in page
    assert "| **this project** | 10 | 80.0" in page
    assert "| blur | mm | 100.0 / 0.0 (0.03) | 90.0 / 10.0 (0.1) |" in page
    assert {path.name for path in (tmp_path / "report").iterdir()} == {
        "reading.md",
        "reading-axes.svg",
        "reading-risk.svg",
    }


def test_keeps_what_was_answered(tmp_path: Path) -> None:
    """Records come back as they were kept, and a second run replaces the first."""
    store.save(tmp_path, "mild", "ours", records(1))
    store.save(tmp_path, "mild", "ours", records(2))
    assert store.load(tmp_path) == {"mild": {"ours": records(2)}}


def test_chooses_corpora(monkeypatch: pytest.MonkeyPatch) -> None:
    """An axis stands for its five levels; absent real words are left out; a wrong name is an error."""
    monkeypatch.delenv("SHEETID_REAL_WORDS", raising=False)
    assert chosen_corpora("mild,real,blur") == ["mild", *(f"blur-{level}" for level in range(5))]
    assert chosen_corpora("blur-3") == ["blur-3"]
    assert chosen_corpora(",".join(MAIN)) == ["mild", "hard", "none", "page"]
    assert len(chosen_corpora("axes")) % 5 == 0
    with pytest.raises(ValueError, match="unknown: tame"):
        chosen_corpora("tame")


def test_chooses_readers() -> None:
    """An unknown reader is an error."""
    assert chosen_readers("ours,recipe") == ["ours", "recipe"]
    with pytest.raises(ValueError, match="no reader is called theirs"):
        chosen_readers("theirs")


class Counted(RealCorpus):
    """A corpus of numbered sheets."""

    def sheet(self, index: int) -> Sample:
        """Return a sheet that says which one it is."""
        return Sample(b"", str(index))


def test_draws_as_many_as_asked() -> None:
    """Drawing ahead neither skips nor repeats a sheet."""
    assert [sheet.number for sheet in drawn_ahead(Counted(()), 3)] == ["0", "1", "2"]
