"""Has sheets read again, or results delivered again: `python -m infra.replay --help`."""
