"""A server that says exactly the bytes of a test."""

import socket
import threading

import cv2
import numpy as np


def picture(level=90, size=(48, 64)):
    """Return a BGR picture with some structure."""
    ground = np.random.default_rng(level).integers(0, 60, (*size, 3)) + level
    return ground.astype(np.uint8)


def jpeg(level=90, size=(48, 64)):
    return cv2.imencode(".jpg", picture(level, size))[1].tobytes()


def part(data, *headers, boundary=b"--b", length=True):
    head = [boundary, b"Content-Type: image/jpeg"]
    if length:
        head.append(b"Content-Length: %d" % len(data))
    return b"\r\n".join([*head, *headers, b"", data, b""])


HEAD = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"


class SaysThis:
    """Answers every connection with the same pieces, then holds it until the client goes."""

    def __init__(self, *pieces, pause_s=0.0, hold=True):
        self._pieces, self._pause_s, self._hold = pieces, pause_s, hold
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/video"
        self.requests = []
        self._stop = threading.Event()
        self._threads = []

    def __enter__(self):
        self._listener.settimeout(0.05)
        self._begin(self._accept)
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _begin(self, call, *words):
        thread = threading.Thread(target=call, args=words, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._begin(self._answer, client)

    def _answer(self, client):
        with client:
            client.settimeout(5)
            self.requests.append(client.recv(4096))
            try:
                for piece in self._pieces:
                    client.sendall(piece)
                    if self._pause_s and self._stop.wait(self._pause_s):
                        return
                client.settimeout(0.05)
                while self._hold and not self._stop.is_set():
                    try:
                        if not client.recv(100):
                            return
                    except TimeoutError:
                        continue
            except OSError:
                return
