"""Every resource is explained to whoever has never seen the project, every variable and output described."""

import re
from pathlib import Path

import pytest

INFRA = Path(__file__).parents[2] / "infra"
README = (INFRA / "README.md").read_text()
TERRAFORM = "\n".join(path.read_text() for path in sorted(INFRA.glob("*.tf")))
RESOURCES = sorted(set(re.findall(r'^resource "(\w+)" "(\w+)"', TERRAFORM, re.MULTILINE)))
BLOCK = r'^{kind} "(\w+)" \{{\n(.*?)^\}}'
VARIABLES = re.findall(BLOCK.format(kind="variable"), TERRAFORM, re.MULTILINE | re.DOTALL)
OUTPUTS = re.findall(BLOCK.format(kind="output"), TERRAFORM, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("kind", "name"), [one for one in RESOURCES if "_iam_" not in one[0]], ids="-".join)
def test_every_resource_is_in_the_table(kind: str, name: str) -> None:
    """What it is for, what it costs while idle, how to undo it: under its own name, or under its kind's."""
    rows = [row for row in README.splitlines() if row.startswith("| `google_") and row.count("|") == 5]
    names = [found for row in rows for found in re.findall(r"`([\w.*]+)`", row.split("|")[1])]
    assert {f"{kind}.{name}", f"{kind}.*", kind} & set(names)


@pytest.mark.parametrize(("name", "body"), VARIABLES, ids=lambda one: one if one.isidentifier() else "")
def test_every_variable_is_typed_described_and_validated(name: str, body: str) -> None:
    """A truth value needs no validation; everything else could be given wrong."""
    assert re.search(r"^  type += ", body, re.MULTILINE), name
    assert re.search(r"^  description += \"\w.+\.\"$", body, re.MULTILINE), name
    assert "validation {" in body or re.search(r"^  type += bool$", body, re.MULTILINE), name


@pytest.mark.parametrize(("name", "body"), OUTPUTS, ids=lambda one: one if one.isidentifier() else "")
def test_every_output_is_described(name: str, body: str) -> None:
    """So that `terraform output` is understood."""
    assert re.search(r"^  description += \"\w.+\.\"$", body, re.MULTILINE), name
