"""Each check of the deployment passes as it is, and finds every error of its kind that is planted."""

from pathlib import Path

import pytest

from infra.checks import access, agreement, cloudbuild, gcloud, image, tools
from infra.checks.outcome import Check, LeftOutError
from tests.infra.planting import ROOT, Error, copy_deployment, plant

DOCKERFILE = "serving/Dockerfile"
MODELS = "serving/models.config"
BUILD = "cloudbuild.yaml"

PLANTED: dict[Check, list[Error]] = {
    access.check: [
        Error(
            "infra/iam.tf",
            "[google_service_account.trigger.member]",
            '["allUsers"]',
            "allUsers makes something public",
        ),
        Error(
            "infra/iam.tf",
            "google_service_account.app.member",
            '"allAuthenticatedUsers"',
            "allAuthenticatedUsers",
        ),
        Error(
            "infra/iam.tf",
            "roles/storage.objectViewer",
            "roles/storage.admin",
            "roles/storage.admin is not on the list",
        ),
        Error(
            "infra/iam.tf",
            "roles/eventarc.eventReceiver",
            "roles/run.invoker",
            "run.invoker is given on the whole project",
        ),
        Error("infra/iam.tf", '"roles/logging.logWriter"', "var.role", "var.role hides which role is given"),
        Error(
            "infra/function.tf", "object.v1.finalized", "object.v1.archived", "v1.archived is not on the list"
        ),
    ],
    cloudbuild.check: [
        Error(
            BUILD,
            "waitFor: [setup, build-image]",
            "waitFor: [setup, built-image]",
            "built-image, which is no earlier step",
        ),
        Error(
            BUILD,
            "waitFor: [setup]",
            "waitFor: [remember]",
            "test waits for remember, which is no earlier step",
        ),
        Error(
            BUILD,
            "waitFor: [test, smoke-image]",
            "waitFor: [smoke-image]",
            "push-image deploys without having waited",
        ),
        Error(BUILD, "- id: test", "- id: setup", "'setup' is there 2 times"),
        Error(BUILD, '"$_SERVICE" --image', '"$_SERVISE" --image', "_SERVISE is used but not declared"),
        Error(BUILD, '"$_CHECK_RESULTS"', '"results"', "_CHECK_RESULTS is declared but not used"),
        Error(BUILD, "set -euo pipefail", "set -x", "setup goes on after a command that failed"),
        Error(BUILD, "serviceAccount: $_RELEASE_ACCOUNT", "serviceAccount: $_BUILD_ACCOUNT", "own account"),
        Error(
            BUILD, "automapSubstitutions: true", "automapSubstitutions: false", "do not see the substitutions"
        ),
        Error("infra/outputs.tf", "_SOURCES ", "_SAUCES ", "outputs.tf does not give _SOURCES"),
        Error("infra/outputs.tf", "_SOURCES ", "_SAUCES ", "gives _SAUCES, which is not declared"),
    ],
    image.check: [
        Error(DOCKERFILE, "--grpc_max_threads=64", "--grpc_max_thread=64", "no flag --grpc_max_thread,"),
        Error(
            DOCKERFILE,
            "--grpc_max_threads=64",
            "--grpc_max_threads=8",
            "less than four times the concurrency",
        ),
        Error(DOCKERFILE, "--grpc_max_threads=64", "--grpc_max_threads=many", "wants a int, not 'many'"),
        Error(DOCKERFILE, "--port=8500", "--port=8501", "listens on port 8501, Cloud Run calls port 8500"),
        Error("infra/serving.tf", "serving_port = 8500", "serving_port = 8080", "Cloud Run calls port 8080"),
        Error(DOCKERFILE, "EXPOSE 8500", "EXPOSE 8501", "does not expose port 8500"),
        Error(DOCKERFILE, "--rest_api_port=0", "--rest_api_port=8501", "--rest_api_port has to be 0"),
        Error(
            DOCKERFILE, "--enable_grpc_healthcheck_service=true", "--enable_batching", "ill-shaped request"
        ),
        Error(DOCKERFILE, '"/usr/bin/tini", "--", ', "", "as process 1 it would ignore SIGTERM"),
        Error(
            DOCKERFILE,
            'ENTRYPOINT ["/usr/bin/tini", "--", "',
            'ENTRYPOINT sh -c "exec ',
            "started by a shell",
        ),
        Error(DOCKERFILE, "USER 10001", "USER root", "runs as root"),
        Error(DOCKERFILE, "FROM tensorflow/serving:", "FROM tensorflow/serving:latest AS x", "not pinned"),
        Error(MODELS, 'key: "canary"', 'key: "kanary"', "there is no label canary"),
        Error(MODELS, "value: 11", "value: 2", "the label stable names version 2, which is not loaded"),
        Error(MODELS, "versions: 11", "versions: 99", "there is no serving/models/digits/99/saved_model.pb"),
        Error(MODELS, "versions: 11", "versions: 99", "there is no function/sheetid/manifests/digits-99"),
    ],
    agreement.check: [
        Error(
            "infra/function.tf",
            "SHEETID_TOPIC ",
            "SHEETID_TOPIK ",
            "does not know the variable SHEETID_TOPIK",
        ),
        Error("infra/function.tf", "SHEETID_TOPIC ", "LOG_LEVEL ", "would not start: "),
        Error("infra/function.tf", "SHEETID_SERVING_AUDIENCE ", "LOG_LEVEL ", "SHEETID_SERVING_AUDIENCE"),
        Error("infra/function.tf", '"python311"', '"python312"', "the function runs on python:3.12"),
        Error("infra/function.tf", '"handle_upload"', '"handle_download"', "no such entry point"),
    ],
}


@pytest.mark.parametrize("check", PLANTED, ids=lambda check: check.__module__)
def test_passes_as_it_is(check: Check) -> None:
    """Nothing is wrong with the repository's own files."""
    assert check(ROOT) == []


@pytest.mark.parametrize(
    ("check", "error"), [(check, error) for check, errors in PLANTED.items() for error in errors], ids=str
)
def test_finds_a_planted_error(check: Check, error: Error, tmp_path: Path) -> None:
    """The check says what is wrong."""
    root = copy_deployment(tmp_path)
    plant(root, error)
    assert error.complaint in "\n".join(check(root))


SLOW: dict[Check, Error] = {
    tools.hadolint: Error(DOCKERFILE, "USER 10001", "RUN sudo true", "DL3004"),
    tools.cloudbuild_schema: Error(BUILD, "waitFor: [setup]", "waitsFor: [setup]", "waitsFor"),
    tools.checkov: Error(
        "infra/storage.tf", 'public_access_prevention    = "enforced"', "# public", "CKV_GCP_114"
    ),
    gcloud.check: Error(BUILD, "--no-traffic", "--no-trafic", "unrecognized arguments: --no-trafic"),
}


@pytest.mark.parametrize("check", SLOW, ids=lambda check: check.__qualname__)
def test_tools_find_a_planted_error(check: Check, tmp_path: Path) -> None:
    """Where the tool is installed, it says what is planted (`make check-infra`: nothing as it is)."""
    root = copy_deployment(tmp_path)
    plant(root, SLOW[check])
    try:
        problems = check(root)
    except LeftOutError as reason:
        pytest.skip(str(reason))
    assert SLOW[check].complaint in "\n".join(problems)


def test_every_listed_role_is_given() -> None:
    """The list that a reviewer reads holds nothing that is not needed any more."""
    assert access.unused_roles(ROOT) == set()
