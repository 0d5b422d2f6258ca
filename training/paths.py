"""Where training finds its data and leaves its results."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "training"
FONTS = ROOT / "build" / "fonts"
RESULTS = ROOT / "training" / "RESULTS.md"
MODELS = ROOT / "serving" / "models"
MANIFESTS = ROOT / "function" / "sheetid" / "manifests"


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """A directory of collections, laid out as the downloader leaves them."""

    root: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "DataDirectory":
        """Return the directory named by `SHEETID_DATA`, or `../shared/data` beside the project."""
        return cls(Path(environ.get("SHEETID_DATA", ROOT.parent / "shared" / "data")))

    @property
    def chars74k_archives(self) -> list[Path]:
        """The official archive if it is there, else one tar of digits and one of letters."""
        official = self.root / "EnglishFnt.tgz"
        if official.is_file():
            return [official]
        return [self.root / "chars74k-fnt-digits.tar", self.root / "chars74k-fnt-letters.tar.gz"]

    @property
    def chars74k_groups(self) -> Path:
        """Which fonts of Chars74K are alike."""
        return self.root / "chars74k-fnt-groups.csv"

    @property
    def real(self) -> Path:
        """Printed digits from real scans."""
        return self.root / "real-dev" / "real-dev.tar.xz"

    def mnist(self, part: str) -> tuple[Path, Path]:
        """Return images and labels of `train` or `t10k`."""
        mnist = self.root / "mnist"
        return mnist / f"{part}-images-idx3-ubyte.gz", mnist / f"{part}-labels-idx1-ubyte.gz"
