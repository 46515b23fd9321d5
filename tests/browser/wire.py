"""A wire between a browser and the server that a test can cut and mend, like a tunnel."""

import contextlib
import socket
import threading


class Wire:
    """Passes bytes between its own port and the server's; while it is cut, nobody gets through."""

    def __init__(self, server_port: int, header: str = "") -> None:
        """Lead to a server; a `header` is put into what the browser asks, as a proxy does."""
        self._server_port = server_port
        self._header = f"{header}\r\n".encode() if header else b""
        self._whole = threading.Event()
        self._whole.set()
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def cut(self) -> None:
        """Drop every connection, and every new one as soon as it comes."""
        self._whole.clear()
        for end in self._open:
            _drop(end)
        self._open.clear()

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._door.accept()
                if not self._whole.is_set():
                    _drop(browser)
                    continue
                server = socket.create_connection(("127.0.0.1", self._server_port))
            except OSError:
                if self._door.fileno() < 0:
                    return
                continue
            self._open += [browser, server]
            for source, target, header in ((browser, server, self._header), (server, browser, b"")):
                _start(source, target, header)


def _start(source: socket.socket, target: socket.socket, header: bytes) -> None:
    threading.Thread(target=_pass, args=(source, target, header), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, header: bytes) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65_536):
            if header:  # of the first request: a websocket is the only one on its connection
                line, _, rest = chunk.partition(b"\r\n")
                chunk, header = line + b"\r\n" + header + rest, b""
            target.sendall(chunk)
    _drop(source)
    _drop(target)


def _drop(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
