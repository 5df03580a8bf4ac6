"""An emulator as `rekam emulate` starts it: a process of its own, led by lines on its input."""

import json
import subprocess
import sys


class EmulatorProcess:
    """Plugged in when it has said its address; ``tell`` sends one step of a script."""

    def __init__(self, device, link, seed=7):
        command = [
            sys.executable, "-m", "ui.cli", "emulate", device,
            "--link", str(link), "--seed", str(seed), "--stdin",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.address = json.loads(self._process.stdout.readline())

    def tell(self, step):
        """Send one step; what it does is seen at the other end of the wire."""
        self._process.stdin.write(f"{step}\n")
        self._process.stdin.flush()

    def stop(self):
        """Close its input: it ends by itself."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(10)
