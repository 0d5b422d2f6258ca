"""Which models and versions are served."""

from pathlib import Path

import pytest

from serving.standin.config import aspired_versions, find_versions, parse_config, single_model

TWO_VERSIONS = """
model_config_list { config {
  name: "digits" base_path: "/models/digits" model_platform: "tensorflow"
  model_version_policy { specific { versions: 1 versions: 3 } }
  version_labels { key: "stable" value: 1 }
  version_labels { key: "canary" value: 3 }
} }
"""


def policy(text: str) -> list[int]:
    """Return which of the versions 1, 2 and 3 a policy serves."""
    config = (
        f'model_config_list {{ config {{ name: "m" base_path: "b" model_version_policy {{ {text} }} }} }}'
    )
    return aspired_versions(parse_config(config)[0], {1, 2, 3})


def test_labels_and_versions_are_read() -> None:
    """The text format of TensorFlow Serving is understood."""
    (model,) = parse_config(TWO_VERSIONS)
    assert (model.name, model.base_path) == ("digits", "/models/digits")
    assert dict(model.version_labels) == {"stable": 1, "canary": 3}
    assert aspired_versions(model, [1, 2, 3]) == [3, 1]


def test_the_deployed_configuration_is_read() -> None:
    """The configuration of the serving image labels only versions that it serves."""
    path = Path(__file__).parents[3] / "serving/models.config"
    for model in parse_config(path.read_text()):
        assert set(model.version_labels) == {"stable", "canary"}
        labelled = set(model.version_labels.values())
        assert set(aspired_versions(model, labelled)) == labelled


def test_policies() -> None:
    """The newest version by default, or as many as the policy says; one that is absent is left out."""
    assert policy("") == [3]
    assert policy("latest { num_versions: 2 }") == [3, 2]
    assert policy("all {}") == [3, 2, 1]
    assert policy("specific { versions: 2 versions: 9 }") == [2]


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "",
        "model_config_list {}",
        'model_config_list { config { name: "digits" } }',
        'model_config_list { config { name: "a" base_path: "x" } config { name: "a" base_path: "y" } }',
    ],
)
def test_unusable_configurations_are_refused(text: str) -> None:
    """No models, half a model, or one twice: better no server than a wrong one."""
    with pytest.raises(ValueError, match=r"ModelServerConfig|model_config_list|twice"):
        parse_config(text)


def test_only_directories_named_by_numbers_are_versions(tmp_path: Path) -> None:
    """Files, hidden directories and half-copied versions are passed over."""
    for name in ("1", "007", "tmp", "2.part", ".3"):
        (tmp_path / name).mkdir()
    (tmp_path / "9").write_text("a file")
    assert find_versions(tmp_path) == {1: tmp_path / "1", 7: tmp_path / "007"}
    assert find_versions(tmp_path / "absent") is None


def test_single_model() -> None:
    """Name and base path alone serve the newest version."""
    (model,) = single_model("digits", Path("models"))
    assert (model.name, model.base_path, aspired_versions(model, {4, 5})) == ("digits", "models", [5])
