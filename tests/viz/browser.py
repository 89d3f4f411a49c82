"""A browser without a screen, told what to do through the pipe of its debugger."""

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LONGEST_S = 30.0


def browser_program() -> str | None:
    """Return the browser of this machine, if it has one that can be driven."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One page of Chromium; words are sent and come as JSON that ends with a zero.

    Parameters
    ----------
    program : str
    folder : Path
        Where the browser may write.
    size : tuple of int
        Width and height of the page.
    """

    def __init__(self, program: str, folder: Path, size: tuple[int, int]) -> None:
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        command = [program, "--headless", "--no-sandbox", "--remote-debugging-pipe"]
        command += [
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={folder}",
        ]
        # The debugger of the browser talks by the descriptors 3 and 4.
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "browser", *command],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        os.set_blocking(self._in, False)
        self._rest, self._number, self._session = b"", 0, None
        self.complaints: list[str] = []
        """Errors and warnings of the pages so far."""
        self._loaded = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.resize(*size)

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method: str, **parameters: object) -> dict:
        """Ask for something and wait for the answer."""
        self._number += 1
        words = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            words["sessionId"] = self._session
        os.write(self._out, json.dumps(words).encode() + b"\0")
        until = time.monotonic() + LONGEST_S
        while time.monotonic() < until:
            for message in self._messages():
                if message.get("id") == self._number:
                    assert "error" not in message, message["error"]
                    return message["result"]
        raise AssertionError(f"the browser gave no answer to {method}")

    def _messages(self) -> list[dict]:
        """Read what has come, and keep the complaints."""
        try:
            self._rest += os.read(self._in, 1 << 20)
        except BlockingIOError:
            time.sleep(0.002)
        *whole, self._rest = self._rest.split(b"\0")
        messages = [json.loads(part) for part in whole]
        for message in messages:
            self._note(message.get("method", ""), message.get("params", {}))
        return messages

    def _note(self, method: str, told: dict) -> None:
        if method == "Page.loadEventFired":
            self._loaded += 1
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(told["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and told["type"] != "log":
            self.complaints.append(json.dumps(told["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(json.dumps(told["entry"]))
        elif method == "Network.requestWillBeSent":
            address = told["request"]["url"]
            if not address.startswith(("file:", "data:", "about:", "blob:")):
                self.complaints.append(f"asked the network for {address}")

    def open(self, page: Path) -> None:
        """Load a file and wait until its replay is there."""
        before = self._loaded
        self.call("Page.navigate", url=page.as_uri())
        self.wait_for(lambda: self._loaded > before)
        self.wait_for(lambda: self.run("!!document.querySelector('#replay').player"))

    def wait_for(self, happens) -> None:
        """Wait until something is so."""
        until = time.monotonic() + LONGEST_S
        while not happens():
            assert time.monotonic() < until, f"nothing happened: {self.complaints}"
            self._messages()

    def run(self, script: str) -> object:
        """Return the value of an expression of JavaScript."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def place(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element, which is brought into sight."""
        script = f"(() => {{ const e = document.querySelector({selector!r});"
        script += " e.scrollIntoView({block: 'center'});"
        script += " const b = e.getBoundingClientRect();"
        return tuple(self.run(script + " return [b.x, b.y, b.width, b.height]; })()"))

    def mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        """Move, press, release or turn the wheel of the mouse."""
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click(self, selector: str, across: float = 0.5) -> None:
        """Click an element, so far across it."""
        left, top, width, height = self.place(selector)
        x, y = left + width * across, top + height / 2
        for kind in ("mousePressed", "mouseReleased"):
            self.mouse(kind, x, y, button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press a key; one letter or the name of a key."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def resize(self, width: int, height: int) -> None:
        """Give the page a size."""
        size = {"width": width, "height": height}
        more = {"deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size, **more)

    def use_theme(self, theme: str) -> None:
        """Ask pages for a dark or a light theme."""
        feature = {"name": "prefers-color-scheme", "value": theme}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def picture(self, full: bool = False) -> bytes:
        """Return what is seen, or all of the page, as a PNG file."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=full)
        return base64.b64decode(told["data"])
