"""Run a second process and restart it whenever it ends."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

AGAIN_AFTER = 2.0  # seconds, so that a process that ends at once does not keep the machine busy


@contextmanager
def kept_running(command: Sequence[str], *, stops_within: float) -> Iterator[None]:
    """Run a command in the background until the block ends.

    Then stop it with SIGTERM, and with SIGKILL if it is still running after `stops_within` seconds.
    """
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ending.is_set():
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
            running[:] = [process]
            if ending.is_set():
                process.terminate()
            process.wait()
            ending.wait(AGAIN_AFTER)

    thread = threading.Thread(target=keep, name="kept running", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        for process in running:
            _stop(process, stops_within)
        thread.join(stops_within)


def _stop(process: subprocess.Popen[bytes], within: float) -> None:
    process.terminate()
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
