"""A server that several people share, and some of them."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any
from unittest.mock import patch

import pytest

from tests.browser.server import Server
from tests.soak._visitor import Visitor

HEADER = "X-Forwarded-User"
Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for people whom a proxy signs in; what one does to it, the others meet."""
    server = Server(tmp_path_factory.mktemp("lab") / "home")
    with patch.dict(os.environ, BLOCKWRIGHT_SIGN_IN=HEADER):
        server.start()
    yield server
    server.kill()


@pytest.fixture
def visit(lab: Server) -> Iterator[Visit]:
    """Open pages of the server as somebody."""
    with ExitStack() as stack:

        def visited(name: str, *place: Any, **query: Any) -> Visitor:
            visitor = Visitor(lab.url, *place, headers={HEADER: name}, **query)
            return stack.enter_context(closing(visitor))

        yield visited
