"""Ports: free ones, and what is said of taken ones."""

import os
import socket
from dataclasses import astuple

import pytest

from infra.local.ports import FREE_PORTS, HOST, Ports, PortTakenError, is_free, occupant, require_free


def test_free_ports_differ_and_are_free() -> None:
    """A stack gets four ports that nobody uses, none of which an outgoing connection is given."""
    ports = astuple(Ports.free())
    assert len(set(ports)) == 4
    assert all(port in FREE_PORTS and is_free(port) for port in ports)


def test_a_taken_port_names_its_occupant() -> None:
    """The error says which process listens there, and what to do."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)
        assert occupant(port).startswith(f"process {os.getpid()} (")
        with pytest.raises(PortTakenError, match=f"port {port}, meant for function.*--function-port"):
            require_free(port, "function")


def test_a_port_that_was_just_closed_is_free() -> None:
    """A connection that lingers after its server does not keep the port."""
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection((HOST, port)) as client:
            connection, _ = server.accept()
            connection.close()
            client.recv(1)
    assert is_free(port)
