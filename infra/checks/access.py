"""Who may do what, and what wakes the function: whatever is not listed here does not get into infra/*.tf."""

import re
from pathlib import Path

# Every role that is given, and why it is needed: the list that a reviewer has to read.
ROLES = {
    "roles/artifactregistry.writer": "builds push images",
    "roles/cloudfunctions.developer": "releases deploy the function",
    "roles/cloudfunctions.viewer": "releases wait for the deployment to end",
    "roles/eventarc.eventReceiver": "the trigger's account receives events",
    "roles/iam.serviceAccountOpenIdTokenCreator": "releases ask serving in the function's name",
    "roles/iam.serviceAccountUser": "releases deploy services that run as other accounts",
    "roles/logging.logWriter": "builds write logs",
    "roles/pubsub.publisher": "the function, Cloud Storage and the dead letters publish",
    "roles/pubsub.subscriber": "the application, the release check and the dead letters subscribe",
    "roles/run.developer": "releases deploy serving and shift traffic",
    "roles/run.invoker": "the function asks serving, the trigger calls the function",
    "roles/run.viewer": "releases wait for the deployment to end",
    "roles/storage.objectCreator": "the application uploads, releases store archives",
    "roles/storage.objectViewer": "the function reads sheets, builds read sources",
}
EVENT_TYPES = {"google.cloud.storage.object.v1.finalized"}
# Roles that only make sense on one thing: on the project they would be given on everything of the kind.
NEVER_ON_THE_PROJECT = {
    "roles/artifactregistry.writer",
    "roles/cloudfunctions.developer",
    "roles/iam.serviceAccountOpenIdTokenCreator",
    "roles/iam.serviceAccountUser",
    "roles/pubsub.subscriber",
    "roles/run.developer",
    "roles/run.invoker",
    "roles/storage.objectCreator",
}
PUBLIC = re.compile(r"\ball(?:Authenticated)?Users\b")
ROLE = re.compile(r"\broles/[\w.]+")
ROLE_ATTRIBUTE = re.compile(r"^ *role *= *(?P<value>.+)$", re.MULTILINE)
EVENT_TYPE = re.compile(r'^ *event_type *= *"(?P<type>[^"]*)"', re.MULTILINE)
PROJECT_GRANT = re.compile(
    r'^resource "google_project_iam_\w+" "(?P<name>\w+)" \{$(?P<body>.*?)^\}$', re.MULTILINE | re.DOTALL
)


def check(root: Path) -> list[str]:
    """Return what is given to whom it should not be."""
    return [
        problem
        for path in sorted((root / "infra").glob("*.tf"))
        for problem in problems_of(path.name, without_comments(path.read_text()))
    ]


def without_comments(text: str) -> str:
    """Return Terraform's text without its whole-line comments."""
    return re.sub(r"^ *(#|//).*$", "", text, flags=re.MULTILINE)


def problems_of(name: str, text: str) -> list[str]:
    """Return what one file gives away."""
    problems = [f"{name}: {public} makes something public" for public in PUBLIC.findall(text)]
    problems += [
        f"{name}: {role} is not on the list of roles" for role in ROLE.findall(text) if role not in ROLES
    ]
    problems += [
        f"{name}: the event type {event_type} is not on the list"
        for event_type in EVENT_TYPE.findall(text)
        if event_type not in EVENT_TYPES
    ]
    problems += [
        f"{name}: {value} hides which role is given"
        for value in ROLE_ATTRIBUTE.findall(text)
        if not ROLE.search(value) and value != "each.key"
    ]
    for grant in PROJECT_GRANT.finditer(text):
        problems += [
            f"{name}: {role} is given on the whole project"
            for role in ROLE.findall(grant["body"])
            if role in NEVER_ON_THE_PROJECT
        ]
    return problems


def unused_roles(root: Path) -> set[str]:
    """Return the roles on the list that nobody is given any more."""
    text = "".join(without_comments(path.read_text()) for path in (root / "infra").glob("*.tf"))
    return set(ROLES) - set(ROLE.findall(text))
