"""The environments that are compared: the function's own, and one with all of TensorFlow in it."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
FUNCTION = ROOT / "build" / "venv-function"
TENSORFLOW = ROOT / "build" / "venv-bench-tensorflow"
LOCK = ROOT / "function" / "requirements.txt"
PROTOS = re.compile(r"^tensorflow==(?P<version>[\d.]+)\+protos \\\n(?: .*\n)+", re.MULTILINE)


def ensure_tensorflow() -> Path:
    """Return the environment with TensorFlow, made first if need be (0.6 GB are fetched)."""
    done = TENSORFLOW / ".done"
    if not done.exists():
        lock = LOCK.read_text()
        protos = PROTOS.search(lock)
        if protos is None:
            raise SystemExit(f"{LOCK} pins no tensorflow+protos")
        others = ROOT / "build" / "bench-tensorflow.txt"
        others.write_text(re.sub(r"^--find-links.*\n", "", PROTOS.sub("", lock), flags=re.MULTILINE))
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(TENSORFLOW)], check=True)
        pip = [str(TENSORFLOW / "bin" / "pip"), "install", "--quiet"]
        subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", str(others)], check=True)
        subprocess.run([*pip, f"tensorflow=={protos['version']}"], check=True)
        done.touch()
    return TENSORFLOW


def size_mb(environment: Path) -> float:
    """Return the megabytes on disk of what is installed in an environment."""
    return sum(file.lstat().st_size for file in environment.rglob("*") if not file.is_dir()) / 1e6
