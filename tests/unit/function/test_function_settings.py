"""Settings: what a deployment may say, and what it is told when it says something else."""

import re
from pathlib import Path

import pytest

from sheetid import settings as settings_module
from sheetid.settings import CheckDigit, ReadingSettings, ServingSettings, Settings, SettingsError

LEAST = {"SHEETID_TOPIC": "projects/local/topics/sheet-results", "SERVING_TARGET": "127.0.0.1:8500"}


def problems(**changes: str) -> tuple[str, ...]:
    """Return what is wrong with the smallest environment after changes to it."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(LEAST | changes)
    return caught.value.problems


def test_defaults_are_the_documented_ones() -> None:
    """A topic and a target are enough, and the rest is as documented."""
    settings = Settings.from_environment(LEAST)
    assert settings == Settings(
        topic="projects/local/topics/sheet-results",
        bucket=None,
        prefix="",
        max_bytes=33_554_432,
        max_event_age_seconds=72_000,
        log_level="INFO",
        reading=ReadingSettings(40_000_000, 1280, 4, 12, None, None),
        serving=ServingSettings("127.0.0.1:8500", "digits", None, 10.0, None),
    )
    assert settings.project == "local"


def test_every_setting_can_be_set() -> None:
    """Each variable reaches the field that it is documented for."""
    settings = Settings.from_environment(
        {
            "SHEETID_TOPIC": "projects/example.com:app/topics/results",
            "SHEETID_BUCKET": "my.sheets",
            "SHEETID_PREFIX": "uploads/",
            "SHEETID_MAX_BYTES": "1000",
            "SHEETID_MAX_EVENT_AGE_SECONDS": "3600",
            "SHEETID_MAX_PIXELS": "2000",
            "SHEETID_MAX_GLYPHS": "300",
            "SHEETID_LENGTH": "6-8",
            "SHEETID_CHECK": "iso7064_mod_11_10",
            "SHEETID_PATTERN": "20[0-9]+",
            "SERVING_TARGET": "serving-abc-ew.a.run.app:443",
            "SHEETID_SERVING_AUDIENCE": "https://serving-abc-ew.a.run.app",
            "SHEETID_MODEL_NAME": "plates",
            "SHEETID_MODEL_LABEL": "canary",
            "SHEETID_PREDICT_TIMEOUT_SECONDS": "2.5",
            "LOG_LEVEL": "debug",
        }
    )
    assert settings == Settings(
        topic="projects/example.com:app/topics/results",
        bucket="my.sheets",
        prefix="uploads/",
        max_bytes=1000,
        max_event_age_seconds=3600,
        log_level="DEBUG",
        reading=ReadingSettings(2000, 300, 6, 8, CheckDigit.ISO7064_MOD_11_10, re.compile("20[0-9]+")),
        serving=ServingSettings(
            "serving-abc-ew.a.run.app:443", "plates", "canary", 2.5, "https://serving-abc-ew.a.run.app"
        ),
    )
    assert not settings.serving.is_loopback


def test_every_variable_that_is_read_is_known() -> None:
    """A variable that is read but not on the list of known ones would be refused as a typo."""
    source = Path(settings_module.__file__).read_text()
    read = set(re.findall(r'variables\.\w+\(\s*"(SHEETID_\w+)"', source))
    assert read == set(settings_module.KNOWN)


def test_empty_variables_count_as_not_set() -> None:
    """Deployment tools write optional values as empty strings."""
    empty = dict.fromkeys(settings_module.KNOWN, " ") | {"SHEETID_SERVING_AUDIENCE": "", "LOG_LEVEL": ""}
    assert Settings.from_environment(empty | LEAST) == Settings.from_environment(LEAST)


def test_all_problems_are_named_at_once() -> None:
    """An operator sees in one failed start everything that has to be changed."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SHEETID_LENGTH": "8-6", "SHEETID_TOPC": "x", "LOG_LEVEL": "loud"})
    message = str(caught.value)
    assert len(caught.value.problems) == 5
    for name in ("SHEETID_TOPIC", "SHEETID_LENGTH", "SHEETID_TOPC", "LOG_LEVEL", "SERVING_TARGET"):
        assert re.search(rf"^  - {name} ", message, re.MULTILINE)


def test_misspelt_variables_are_refused_with_a_suggestion() -> None:
    """A typo would otherwise silently leave a default in force."""
    assert problems(SHEETID_MAXBYTES="1") == (
        "SHEETID_MAXBYTES is not a setting; did you mean SHEETID_MAX_BYTES?",
    )


def test_a_variable_of_another_program_is_no_problem() -> None:
    """Only names that begin with our prefix are ours to judge."""
    assert Settings.from_environment(LEAST | {"SERVING_TARGETS": "x", "K_SERVICE": "f"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHEETID_TOPIC", "sheet-results"),
        ("SHEETID_TOPIC", "projects/p/topics/goog-results"),
        ("SHEETID_TOPIC", "projects/p/subscriptions/results"),
        ("SHEETID_BUCKET", "gs://sheets"),
        ("SHEETID_BUCKET", "sheets/uploads"),
        ("SHEETID_PREFIX", "/uploads/"),
        ("SHEETID_MAX_BYTES", "32MB"),
        ("SHEETID_MAX_BYTES", "0"),
        ("SHEETID_MAX_BYTES", "-1"),
        ("SHEETID_MAX_BYTES", "٣"),
        ("SHEETID_MAX_BYTES", "9" * 5000),
        ("SHEETID_MAX_PIXELS", "4e7"),
        ("SHEETID_MAX_EVENT_AGE_SECONDS", "59"),
        ("SHEETID_LENGTH", "0"),
        ("SHEETID_LENGTH", "4-"),
        ("SHEETID_LENGTH", "4-21"),
        ("SHEETID_LENGTH", "seven"),
        ("SHEETID_CHECK", "LUHN"),
        ("SHEETID_PATTERN", "[0-9"),
        ("SHEETID_PATTERN", "[0-9]{99999999999}"),
        ("SERVING_TARGET", "https://serving.run.app"),
        ("SERVING_TARGET", "localhost"),
        ("SERVING_TARGET", "localhost:0"),
        ("SERVING_TARGET", "localhost:65536"),
        ("SERVING_TARGET", ":8500"),
        ("SHEETID_MODEL_NAME", "my model"),
        ("SHEETID_MODEL_LABEL", "a/b"),
        ("SHEETID_PREDICT_TIMEOUT_SECONDS", "nan"),
        ("SHEETID_PREDICT_TIMEOUT_SECONDS", "inf"),
        ("SHEETID_PREDICT_TIMEOUT_SECONDS", "0"),
        ("SHEETID_SERVING_AUDIENCE", "http://serving.run.app"),
        ("LOG_LEVEL", "VERBOSE"),
    ],
)
def test_unusable_values_are_refused_by_name(name: str, value: str) -> None:
    """One problem, which begins with the variable and shows what it holds."""
    (problem,) = problems(**{name: value})
    assert problem.startswith(f"{name} must be ")
    assert repr(value) in problem


def test_a_remote_server_needs_an_audience() -> None:
    """Without one the function could only speak plaintext, which it must not to another machine."""
    (problem,) = problems(SERVING_TARGET="serving.internal:8500")
    assert problem.startswith("SHEETID_SERVING_AUDIENCE must be ")


@pytest.mark.parametrize("target", ["localhost:1", "127.0.0.1:8500", "127.8.0.9:8500", "[::1]:8500"])
def test_loopback_targets(target: str) -> None:
    """These are this machine: no audience is asked for."""
    assert Settings.from_environment(LEAST | {"SERVING_TARGET": target}).serving.is_loopback


@pytest.mark.parametrize(
    "target",
    ["localhost.example.com:1", "127.0.0.1.example.com:1", "10.0.0.1:1", "[::2]:1", "0.0.0.0:1"],
)
def test_targets_that_only_look_like_loopback(target: str) -> None:
    """These are other machines, or may be."""
    assert not ServingSettings(target).is_loopback


def test_parts_can_be_read_on_their_own() -> None:
    """The command line reads sheets without a topic, in a shell with variables of other programs."""
    environment = {"SHEETID_LENGTH": "7", "SERVING_TARGET": "localhost:8500", "SHEETID_SUBSCRIPTION": "x"}
    reading = ReadingSettings.from_environment(environment)
    assert (reading.min_length, reading.max_length) == (7, 7)
    assert ServingSettings.from_environment(environment).target == "localhost:8500"


def test_parts_on_their_own_name_their_problems() -> None:
    """Validation is the same as for the whole."""
    with pytest.raises(SettingsError, match="SHEETID_CHECK"):
        ReadingSettings.from_environment({"SHEETID_CHECK": "mod10"})
    with pytest.raises(SettingsError, match="SERVING_TARGET must be set"):
        ServingSettings.from_environment({})
