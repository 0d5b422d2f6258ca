"""These tests need Keras, which only build/venv-training has: `make test-training` runs them."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("keras") else ["test_*.py"]
