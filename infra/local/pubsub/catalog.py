"""Named resources of one kind, with the service's answers for names that are malformed, missing or taken."""

from typing import Generic, TypeVar

from infra.local.pubsub.errors import already_exists, not_found
from infra.local.pubsub.settings import check_name, check_project

Resource = TypeVar("Resource")


class Catalog(Generic[Resource]):
    """The resources of one `collection` (`topics`, …), called `kind` (`Topic`, …) in error texts.

    Raises (all methods):
        PubSubError: INVALID_ARGUMENT for a malformed name, NOT_FOUND, ALREADY_EXISTS.
    """

    def __init__(self, kind: str, collection: str) -> None:
        self._kind = kind
        self._collection = collection
        self._resources: dict[str, Resource] = {}

    def __contains__(self, name: str) -> bool:
        """Tell whether `name` exists."""
        return name in self._resources

    def add(self, name: str, resource: Resource) -> None:
        """Store a new resource."""
        check_name(name, self._collection)
        if name in self._resources:
            raise already_exists(f"{self._kind} already exists: {name}")
        self._resources[name] = resource

    def get(self, name: str) -> Resource:
        """Return the resource called `name`."""
        check_name(name, self._collection)
        if name not in self._resources:
            raise not_found(f"{self._kind} not found: {name}")
        return self._resources[name]

    def replace(self, name: str, resource: Resource) -> None:
        """Store another state of the resource called `name`."""
        self.get(name)
        self._resources[name] = resource

    def remove(self, name: str) -> None:
        """Delete the resource called `name`."""
        self.get(name)
        del self._resources[name]

    def all(self) -> list[Resource]:
        """Return all resources, in the order of their creation."""
        return list(self._resources.values())

    def in_project(self, project: str) -> dict[str, Resource]:
        """Return the resources of `project` (`projects/P`), in the order of their names."""
        check_project(project)
        names = sorted(name for name in self._resources if name.startswith(f"{project}/"))
        return {name: self._resources[name] for name in names}
