"""Which models are served, and which of their versions: TensorFlow Serving's own configuration."""

from collections.abc import Collection
from pathlib import Path
from typing import TypeAlias

from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

ModelConfig: TypeAlias = model_server_config_pb2.ModelConfig


def single_model(name: str, base_path: Path) -> list[ModelConfig]:
    """Return the configuration that `--model_name` and `--model_base_path` stand for."""
    return [ModelConfig(name=name, base_path=str(base_path))]


def parse_config(text: str) -> list[ModelConfig]:
    """Return the models of a `model_config_list` in protobuf's text format; raises ValueError."""
    try:
        config = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    except text_format.ParseError as error:
        raise ValueError(f"not a ModelServerConfig: {error}") from None
    models = list(config.model_config_list.config)
    if not models or any(not model.name or not model.base_path for model in models):
        raise ValueError("a model_config_list of at least one model, each with name and base_path, is needed")
    if len({model.name for model in models}) < len(models):
        raise ValueError("a model's name is there twice")
    return models


def aspired_versions(model: ModelConfig, present: Collection[int]) -> list[int]:
    """Return which of the versions `present` are to be served, the newest first.

    The default is the newest one; `latest { num_versions }`, `all {}` and `specific { versions }` say
    otherwise.
    """
    newest_first = sorted(present, reverse=True)
    policy = model.model_version_policy
    match policy.WhichOneof("policy_choice"):
        case "all":
            return newest_first
        case "specific":
            return [version for version in newest_first if version in policy.specific.versions]
        case _:
            return newest_first[: max(policy.latest.num_versions, 1)]


def find_versions(base_path: Path) -> dict[int, Path] | None:
    """Return the directories whose names are numbers, by number, or None if the base path is not there."""
    if not base_path.is_dir():
        return None
    return {int(path.name): path for path in base_path.iterdir() if path.name.isdecimal() and path.is_dir()}
