"""A port for a server a test is about to start, out of a range from which nobody is given one meanwhile."""

from __future__ import annotations

import itertools
import os
import socket

# The kernel gives its own choice (port 0, and the near end of every connection) from 32768 on; a worker has 32 ports
# of the ones below. A server may take the three after its own (`thaam up` does).
_OURS = 12_000 + os.getpid() % 600 * 32
_NEXT = itertools.cycle(range(_OURS, _OURS + 32, 4))


def free_port() -> int:
    """A port nobody listens at; another one at the next call."""
    for port in itertools.islice(_NEXT, 8):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("every port of this worker is taken")
