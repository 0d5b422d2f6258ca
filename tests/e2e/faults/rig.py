"""The local stack with something to go wrong at every joint."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.names import Project
from infra.local.parts import Retries, own_addresses
from infra.local.ports import Ports
from infra.local.process import Supervisor
from infra.local.stack import ROOT, LocalStack, Options, PubSub
from tests.e2e.faults.postman import Postman
from tests.e2e.faults.pubsub_proxy import PubSubProxy, pubsub_proxy
from tests.e2e.faults.serving_process import Serving
from tests.e2e.faults.storage_proxy import StorageProxy, storage_proxy

EVENT_SECONDS = 1800  # the age from which on the rig's function answers an event `expired`
# In three seconds gRPC makes all its five attempts, so that it is the last refusal that is logged.
SETTINGS = {"SHEETID_PREDICT_TIMEOUT_SECONDS": "3", "SHEETID_MAX_EVENT_AGE_SECONDS": str(EVENT_SECONDS)}


@dataclass(frozen=True, slots=True)
class Rig:
    """The stack, what stands between its parts, and its TensorFlow Serving."""

    stack: LocalStack
    storage: StorageProxy
    pubsub: PubSubProxy
    serving: Serving
    postman: Postman

    @contextmanager
    def without(self, part: str) -> Iterator[None]:
        """Stop one part of the stack, and start it again in the end."""
        self.stack.stop(part)
        try:
            yield
        finally:
            self.stack.start(part)

    def kill_function(self) -> None:
        """Kill the function, master and worker, by SIGKILL, and start another."""
        self.stack.kill("function")
        self.stack.start("function")

    def heal(self) -> None:
        """Take every fault of the proxies away."""
        self.storage.faults.clear()
        self.pubsub.faults.clear()


@contextmanager
def running_rig(project: Project, folder: Path) -> Iterator[Rig]:
    """Run everything; files are kept in `folder`."""
    ports = Ports.free()
    own = own_addresses(ports)
    with ExitStack() as exit_stack:
        storage = exit_stack.enter_context(storage_proxy(own.storage_url))
        pubsub = exit_stack.enter_context(pubsub_proxy(own.pubsub))
        supervisor = exit_stack.enter_context(Supervisor(folder, ROOT))
        serving = Serving(supervisor, folder, ports.serving)
        options = Options(
            project=project,
            ports=ports,
            pubsub=PubSub.EMBEDDED,
            retries=Retries(maximum_backoff=1.0),
            environ=SETTINGS | {"SERVING_TARGET": serving.address},
            detours={"storage": storage.url.removeprefix("http://"), "pubsub": pubsub.address},
        )
        stack = exit_stack.enter_context(LocalStack("faults", options))
        yield Rig(stack, storage, pubsub, serving, Postman(stack))
