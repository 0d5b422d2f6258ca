"""Ports on this machine: free ones, and who holds one that is not free."""

import random
import socket
from dataclasses import dataclass

import psutil

HOST = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections. A server that is stopped for a
# while would otherwise find its port taken by one, even by a client that reached for it and met itself.
FREE_PORTS = range(20_000, 32_000)


class PortTakenError(Exception):
    """A port that was asked for is in use."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports that the stack listens on."""

    storage: int
    pubsub: int
    serving: int
    function: int

    @classmethod
    def free(cls) -> "Ports":
        """Choose ports that nobody uses."""
        numbers = (port for port in random.sample(FREE_PORTS, len(FREE_PORTS)) if is_free(port))
        return cls(storage=next(numbers), pubsub=next(numbers), serving=next(numbers), function=next(numbers))


def address(port: int) -> str:
    """Return `host:port` for a port on this machine."""
    return f"{HOST}:{port}"


def is_free(port: int) -> bool:
    """Return whether a server could listen on `port`."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
        except OSError:
            return False
        return True


def require_free(port: int, purpose: str) -> None:
    """Raise PortTakenError, which names the occupant, unless a server could listen on `port`."""
    if not is_free(port):
        raise PortTakenError(
            f"port {port}, meant for {purpose}, is taken by {occupant(port)}; "
            f"end that, or choose another port: make up ARGS='--{purpose}-port {port + 1}'"
        )


def occupant(port: int) -> str:
    """Describe the process that listens on `port`, as far as this user may see it."""
    for process in psutil.process_iter(["pid", "cmdline", "name"]):
        try:
            connections = process.net_connections("tcp")
        except psutil.Error:
            continue
        if any(c.status == psutil.CONN_LISTEN and c.laddr and c.laddr.port == port for c in connections):
            command = " ".join(process.info["cmdline"] or [process.info["name"]])
            return f"process {process.info['pid']} ({command[:100]})"
    return "a process of another user"
