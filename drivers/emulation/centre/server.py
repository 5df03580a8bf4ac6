"""Runs a centre on a loopback port: in a thread for tests and demos, or as the process ``rekam centre``."""

import json
import logging
import os
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn

from drivers.emulation.centre.app import create_app
from drivers.emulation.centre.centre import Centre, CentreOptions
from drivers.emulation.centre.keys import CentreKeys
from station.clock import Clock

log = logging.getLogger(__name__)

_STOP_S = 10.0
_PARENT_LOOK_S = 1.0


class CentreServer:
    """A running centre; ``start`` returns when it answers. The same folder goes on where it stopped."""

    def __init__(
        self,
        folder: Path,
        keys: CentreKeys,
        clock: Clock,
        options: CentreOptions | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.centre = Centre(folder, keys, clock, options or CentreOptions())
        self._socket = socket.create_server((host, port))
        config = uvicorn.Config(
            create_app(self.centre),
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="centre", daemon=True)

    @property
    def url(self) -> str:
        """Where desks reach the centre."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{host}:{port}"

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Begin to work and to answer."""
        self.centre.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop answering, end the work in hand, close the ledger."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_S)
        self._socket.close()
        self.centre.stop()

    def _serve(self) -> None:
        # The socket listens already, so a desk that is early waits in its queue and is not refused.
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def serve(
    folder: Path,
    keys: CentreKeys,
    clock: Clock,
    options: CentreOptions | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    parent_pid: int = 0,
    stop: threading.Event | None = None,
) -> None:
    """Run until ``stop`` is set or the parent process is gone; print ``{"url": ...}`` when ready."""
    stopped = stop or threading.Event()
    with CentreServer(folder, keys, clock, options, host=host, port=port) as server:
        print(json.dumps({"url": server.url}), flush=True)  # noqa: T201 - the ready line is this process's interface
        while not stopped.wait(_PARENT_LOOK_S):
            if parent_pid and os.getppid() != parent_pid:
                log.info("parent process is gone")
                return
