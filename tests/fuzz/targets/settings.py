"""The environment that a deployment is described with: a mistake in it is named, and never a crash."""

from sheetid.settings import KNOWN, LOG_LEVELS, LONGEST_NUMBER, Settings, SettingsError

REQUIRED = {"SHEETID_TOPIC": "projects/local/topics/results", "SERVING_TARGET": "127.0.0.1:8500"}
MOST_BYTES, MOST_PIXELS, MOST_SECONDS = 2**30, 1_000_000_000, 30


def run(data: bytes) -> None:
    """Read settings from lines: `NAME=value`, or the number of a known one before its value."""
    environ = dict(REQUIRED)
    for line in data.decode(errors="surrogateescape").replace("\0", "").split("\n"):
        name, separator, value = line.partition("=")
        if separator:
            environ[name] = value
        elif line:
            environ[KNOWN[ord(line[0]) % len(KNOWN)]] = line[1:]
    try:
        settings = Settings.from_environment(environ)
    except SettingsError as error:
        str(error)
        return
    reading = settings.reading
    limited = (
        0 < settings.max_bytes <= MOST_BYTES
        and 0 < reading.max_pixels <= MOST_PIXELS
        and 1 <= reading.min_length <= reading.max_length <= LONGEST_NUMBER
        and 0 < settings.serving.timeout_seconds <= MOST_SECONDS
        and settings.log_level in LOG_LEVELS
        and (settings.serving.audience is not None or settings.serving.is_loopback)
    )
    if not limited:
        raise AssertionError(f"accepted: {settings}")


def seeds() -> list[bytes]:
    """Return usable settings, and a value for each by its number."""
    sound = [
        ("SHEETID_LENGTH=6-8", "SHEETID_CHECK=luhn", "SHEETID_PATTERN=[0-9]{7}"),
        ("SHEETID_MAX_BYTES=1000", "SHEETID_MAX_PIXELS=1000", "LOG_LEVEL=debug", "SHEETID_PREFIX=a/"),
        ("SERVING_TARGET=[::1]:80", "SHEETID_PREDICT_TIMEOUT_SECONDS=0.5", "SHEETID_MODEL_LABEL=stable"),
        ("SERVING_TARGET=s.example:443", "SHEETID_SERVING_AUDIENCE=https://s.example"),
        *((f"{name}=1",) for name in KNOWN),
    ]
    return ["\n".join(lines).encode() for lines in sound]
