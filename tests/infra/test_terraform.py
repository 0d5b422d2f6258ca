"""Terraform's own tests find what is planted; it runs twice for all of it, since each run takes seconds."""

from pathlib import Path

import pytest

from infra.checks import terraform
from infra.checks.outcome import LeftOutError
from tests.infra.planting import Error, copy_deployment, plant

MISSPELT = Error(
    "infra/serving.tf",
    "timeout                          =",
    "timeuot                          =",
    'An argument named "timeuot" is not expected here',
)

PLANTED = [
    Error(
        "infra/iam.tf",
        "[google_service_account.function.member]",
        '["user:somebody@example.com"]',
        "Somebody else than the function's account may invoke serving",
    ),
    Error(
        "infra/iam.tf",
        "[google_service_account.trigger.member]",
        "[google_service_account.app.member]",
        "Somebody else than the trigger's account may invoke the function",
    ),
    Error(
        "infra/function.tf",
        '"ALLOW_INTERNAL_ONLY"',
        '"ALLOW_ALL"',
        "The function can be reached from outside",
    ),
    Error(
        "infra/serving.tf",
        "google_service_account.serving.email",
        "google_service_account.function.email",
        "Two workloads share an account",
    ),
    Error(
        "infra/function.tf", "RETRY_POLICY_RETRY", "RETRY_POLICY_DO_NOT_RETRY", "A failed event is dropped"
    ),
    Error(
        "infra/function.tf",
        "  = google_cloud_run_v2_service.serving.uri",
        '  = "https://example.com"',
        "The audience of the ID token is not the serving service's URI",
    ),
    Error("infra/function.tf", "14 * 3600", "20 * 3600", "An upload ends as a dead letter before"),
    Error(
        "infra/results.tf",
        "dead_letter_topic     = google_pubsub_topic.results_dead.id",
        "dead_letter_topic     = google_pubsub_topic.uploads_dead.id",
        "cannot take are not moved aside",
    ),
    Error(
        "infra/results.tf",
        "topic = google_pubsub_topic.uploads_dead.id",
        "topic = google_pubsub_topic.results_dead.id",
        "A dead-letter topic keeps nothing",
    ),
    Error(
        "infra/project.tf", "gcp-sa-pubsub", "gcp-sa-pubsup", "Pub/Sub's agent may not publish dead letters"
    ),
    Error("infra/results.tf", '"JSON"', '"BINARY"', "The topic does not check its messages"),
    Error("infra/results.tf", 'ttl = ""', 'ttl = "2678400s"', "A subscription disappears"),
    Error("infra/serving.tf", '"h2c"', '"http1"', "Without h2c"),
    Error("infra/serving.tf", "port    = local.serving_port", "port    = 8080", "A probe asks another port"),
    Error(
        "infra/storage.tf",
        "force_destroy               = !var",
        "force_destroy               = var",
        "terraform destroy would delete the sheets",
    ),
    Error(
        "infra/release.tf",
        "roles/iam.serviceAccountOpenIdTokenCreator",
        "roles/iam.serviceAccountTokenCreator",
        "could do more than that",
    ),
    Error("infra/variables.tf", "@sha256:[0-9a-f]{64}$", "", "var.serving_image"),
]


def complaints(root: Path) -> str:
    """Return what Terraform says, with its line breaks taken out; skips where it cannot be asked."""
    try:
        return " ".join("\n".join(terraform.check(root)).replace("│", " ").split())
    except LeftOutError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def all_complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What Terraform says when all errors are planted."""
    root = copy_deployment(tmp_path_factory.mktemp("planted"))
    for error in PLANTED:
        plant(root, error)
    return complaints(root)


def test_a_misspelt_attribute_is_invalid(tmp_path: Path) -> None:
    """The provider's schema is asked, not only the syntax."""
    root = copy_deployment(tmp_path)
    plant(root, MISSPELT)
    assert MISSPELT.complaint in complaints(root)


@pytest.mark.parametrize("error", PLANTED, ids=str)
def test_a_planted_error_is_found(error: Error, all_complaints: str) -> None:
    """Terraform's tests say what is wrong."""
    assert error.complaint in all_complaints
