"""The settings of a deployment, read from the environment once, at start, and validated as a whole."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sheetid.environment import SettingsError, Variables, match

__all__ = ["CheckDigit", "ReadingSettings", "ServingSettings", "Settings", "SettingsError"]

PREFIX = "SHEETID_"
KNOWN = (
    "SHEETID_TOPIC",
    "SHEETID_BUCKET",
    "SHEETID_PREFIX",
    "SHEETID_MAX_BYTES",
    "SHEETID_MAX_EVENT_AGE_SECONDS",
    "SHEETID_MAX_PIXELS",
    "SHEETID_MAX_GLYPHS",
    "SHEETID_LENGTH",
    "SHEETID_CHECK",
    "SHEETID_PATTERN",
    "SHEETID_MODEL_NAME",
    "SHEETID_MODEL_LABEL",
    "SHEETID_PREDICT_TIMEOUT_SECONDS",
    "SHEETID_SERVING_AUDIENCE",
)
LONGEST_NUMBER = 20
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

TOPIC = re.compile(r"projects/[a-z][a-z0-9.:-]*/topics/(?!goog)[A-Za-z][A-Za-z0-9._~%+-]{2,254}")
BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
TARGET = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
AUDIENCE = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/\S*)?")
MODEL = re.compile(r"[A-Za-z0-9._-]{1,100}")
MODEL_EXPECTED = "made of letters, digits, dots, hyphens and underscores"
LENGTH = re.compile(r"(?P<shortest>[0-9]{1,3})(?:-(?P<longest>[0-9]{1,3}))?")


class CheckDigit(StrEnum):
    """How the last digits of a number are computed from the others."""

    LUHN = "luhn"
    ISO7064_MOD_11_10 = "iso7064_mod_11_10"
    ISO7064_MOD_97_10 = "iso7064_mod_97_10"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """What a sheet number looks like, and how large an image may be.

    Attributes:
        max_pixels: Images with more pixels (width times height) are rejected before they are decoded.
        max_glyphs: The most windows that the model is asked about for one sheet; lines beyond are left out.
        min_length: The fewest digits of a sheet number.
        max_length: The most digits of a sheet number.
        check: The check digit that every number carries, or None.
        pattern: What the whole number has to match (`fullmatch`), or None.
    """

    max_pixels: int = 40_000_000
    max_glyphs: int = 1280
    min_length: int = 4
    max_length: int = 12
    check: CheckDigit | None = None
    pattern: re.Pattern[str] | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read these settings alone; raises SettingsError."""
        variables = Variables(environ)
        settings = cls.read(variables)
        variables.raise_problems()
        return settings

    @classmethod
    def read(cls, variables: Variables) -> Self:
        """Read these settings; problems are left in `variables`."""
        defaults = cls()
        lengths = (defaults.min_length, defaults.max_length)
        min_length, max_length = variables.parsed("SHEETID_LENGTH", _length, lengths)
        return cls(
            max_pixels=variables.integer("SHEETID_MAX_PIXELS", defaults.max_pixels, 1, 1_000_000_000),
            max_glyphs=variables.integer("SHEETID_MAX_GLYPHS", defaults.max_glyphs, 100, 4096),
            min_length=min_length,
            max_length=max_length,
            check=variables.parsed("SHEETID_CHECK", _check, None),
            pattern=variables.parsed("SHEETID_PATTERN", _pattern, None),
        )


@dataclass(frozen=True, slots=True)
class ServingSettings:
    """Which TensorFlow Serving answers, and how it is spoken to.

    Attributes:
        target: `host:port` of its gRPC port.
        model_name: The model that is asked.
        model_label: The version label that is asked for (`stable`, `canary`), or None for the latest version.
        timeout_seconds: The deadline of one Predict, retries included.
        audience: The audience of the ID token, an https URL; None only if the target is loopback.
    """

    target: str
    model_name: str = "digits"
    model_label: str | None = None
    timeout_seconds: float = 10.0
    audience: str | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether the target is this machine: only then may the connection be plaintext."""
        return is_loopback(self.target)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read these settings alone; raises SettingsError."""
        variables = Variables(environ)
        settings = cls.read(variables)
        variables.raise_problems()
        return settings

    @classmethod
    def read(cls, variables: Variables) -> Self:
        """Read these settings; problems are left in `variables`."""
        target = variables.parsed("SERVING_TARGET", _target, "", required="host:port of TensorFlow Serving")
        audience = variables.matching("SHEETID_SERVING_AUDIENCE", AUDIENCE, "an https:// URL")
        if target and audience is None and not is_loopback(target):
            variables.problem(
                "SHEETID_SERVING_AUDIENCE",
                f"must be the https:// URL of the serving service, since {target} is not on this machine",
            )
        return cls(
            target=target,
            model_name=variables.matching("SHEETID_MODEL_NAME", MODEL, MODEL_EXPECTED) or "digits",
            model_label=variables.matching("SHEETID_MODEL_LABEL", MODEL, MODEL_EXPECTED),
            timeout_seconds=variables.number("SHEETID_PREDICT_TIMEOUT_SECONDS", 10.0, 0.1, 30.0),
            audience=audience,
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the function needs to know.

    Attributes:
        topic: Where results are published, `projects/P/topics/T`.
        bucket: The only bucket whose uploads are read, or None for any.
        prefix: Only objects whose name begins with it are read; empty for all.
        max_bytes: Objects with more bytes are rejected before they are downloaded.
        max_event_age_seconds: An older event is answered `rejected: expired` instead of being tried for ever.
        log_level: The least severity that is logged.
        reading: What a sheet number looks like.
        serving: Which model is asked.
    """

    topic: str
    bucket: str | None
    prefix: str
    max_bytes: int
    max_event_age_seconds: int
    log_level: str
    reading: ReadingSettings
    serving: ServingSettings

    @property
    def project(self) -> str:
        """The Google Cloud project of the topic."""
        return self.topic.split("/")[1]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read all settings; raises SettingsError, also for a variable that only looks like a setting."""
        variables = Variables(environ)
        variables.refuse_unknown(PREFIX, KNOWN)
        settings = cls(
            topic=variables.parsed("SHEETID_TOPIC", _topic, "", required="projects/PROJECT/topics/TOPIC"),
            bucket=variables.matching("SHEETID_BUCKET", BUCKET, "a bucket's name, without gs:// and path"),
            prefix=variables.parsed("SHEETID_PREFIX", _prefix, ""),
            max_bytes=variables.integer("SHEETID_MAX_BYTES", 32 * 2**20, 1, 2**30),
            max_event_age_seconds=variables.integer("SHEETID_MAX_EVENT_AGE_SECONDS", 72_000, 60, 7 * 86_400),
            log_level=variables.parsed("LOG_LEVEL", _log_level, "INFO"),
            reading=ReadingSettings.read(variables),
            serving=ServingSettings.read(variables),
        )
        variables.raise_problems()
        return settings


def is_loopback(target: str) -> bool:
    """Return whether `host:port` is on this machine."""
    host = target.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _topic(text: str) -> str:
    return match(TOPIC, text, "a topic's full name, projects/PROJECT/topics/TOPIC")[0]


def _prefix(text: str) -> str:
    if text.startswith(("/", "gs:")):
        raise ValueError(
            "must be the beginning of objects' names, such as uploads/, without a slash in front"
        )
    return text


def _target(text: str) -> str:
    expected = "host:port, without https:// and without a path"
    if not 0 < int(match(TARGET, text, expected)["port"]) < 2**16:
        raise ValueError("must be host:port with a port from 1 to 65535")
    return text


def _log_level(text: str) -> str:
    if text.upper() in LOG_LEVELS:
        return text.upper()
    raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}")


def _length(text: str) -> tuple[int, int]:
    expected = f"a length (7) or a range of lengths (6-8), from 1 to {LONGEST_NUMBER}"
    found = match(LENGTH, text, expected)
    shortest = int(found["shortest"])
    longest = int(found["longest"] or shortest)
    if not 1 <= shortest <= longest <= LONGEST_NUMBER:
        raise ValueError(f"must be {expected}")
    return shortest, longest


def _check(text: str) -> CheckDigit:
    if text in set(CheckDigit):
        return CheckDigit(text)
    raise ValueError(f"must be one of {', '.join(CheckDigit)}")


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:  # a count or a nesting beyond what re can hold
        raise ValueError(f"must be a regular expression ({error})") from error
