"""The doors of a running server: who may come in, and what an address can reach."""

import http.client
import socket
from contextlib import closing
from typing import Any
from urllib.parse import urlparse

import psutil
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.server import Server
from tests.hostile.conftest import HEADER, Visit

STREAM = "/_stcore/stream"
UPLOAD = "/_stcore/upload_file"


def opened(lab: Server, host: str, origin: str | None) -> bool:
    """Tell whether a websocket is let in that asks for a host, from a page of an origin."""
    with socket.create_connection(("127.0.0.1", lab.port)) as sock:
        try:
            with connect(
                f"ws://{host}{STREAM}",
                sock=sock,
                subprotocols=["streamlit"],
                origin=origin,
                legacy=True,
            ):
                return True
        except (InvalidStatus, ConnectionClosed):
            return False


def test_a_websocket_is_let_in_under_the_servers_own_names_only(lab: Server) -> None:
    """A page elsewhere may have its name lead to 127.0.0.1 (DNS rebinding)."""
    for name in ("localhost", "127.0.0.1"):
        own = f"{name}:{lab.port}"
        assert opened(lab, own, f"http://{own}")
        assert not opened(lab, own, "http://evil.example")
        assert not opened(lab, own, f"http://evil.example:{lab.port}")
        assert not opened(lab, own, "null")
    for host in ("evil.example", f"evil.example:{lab.port}", "localhost.evil.example", "0.0.0.0"):
        assert not opened(lab, host, f"http://{host}")
        assert not opened(lab, host, None)


def test_the_server_listens_on_this_machine_alone(lab: Server) -> None:
    assert lab.process
    open_doors = psutil.Process(lab.process.pid).net_connections("inet")
    listening = {one.laddr.ip for one in open_doors if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_nothing_is_uploaded_without_the_pages_own_token(lab: Server) -> None:
    file = {"file": ("a.json", b"{}")}
    for method in ("PUT", "DELETE"):
        bare = requests.request(method, f"{lab.url}{UPLOAD}/session/file", files=file)
        assert bare.status_code == 403
        forged = requests.request(
            method,
            f"{lab.url}{UPLOAD}/session/file",
            files=file,
            headers={"X-Xsrftoken": "mine", "Origin": "http://evil.example"},
        )
        assert forged.status_code == 403


def token(lab: Server) -> dict[str, Any]:
    """Return what lets a browser upload."""
    value = requests.get(f"{lab.url}/_stcore/health").cookies["_streamlit_xsrf"]
    return {"headers": {"X-Xsrftoken": value}, "cookies": {"_streamlit_xsrf": value}}


def test_nothing_is_uploaded_for_a_page_that_nobody_has_open(lab: Server) -> None:
    for place in ("nobody/file", "../../x/file", "%2e%2e%2fx/file"):
        sent = requests.put(
            f"{lab.url}{UPLOAD}/{place}", files={"file": ("a.json", b"{}")}, **token(lab)
        )
        assert sent.status_code >= 400


def test_an_upload_larger_than_allowed_is_refused_before_it_is_sent(
    lab: Server, visit: Visit
) -> None:
    visitor = visit("bob")
    keys = token(lab)
    value = keys["cookies"]["_streamlit_xsrf"]
    said = {
        "X-Xsrftoken": value,
        "Cookie": f"_streamlit_xsrf={value}",
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": str(5 * 1024**3),
    }
    with closing(http.client.HTTPConnection("127.0.0.1", lab.port)) as connection:
        connection.putrequest("PUT", f"{UPLOAD}/{visitor.session}/file")
        for name, text in said.items():
            connection.putheader(name, text)
        connection.endheaders()
        assert connection.getresponse().status == 413


PLACES = (
    "/media/../../../../{home}/library.sqlite",
    "/media/%2e%2e/%2e%2e{home}/library.sqlite",
    "/media//{home}/library.sqlite",
    "/component/blockwright.canvas/../../../../../..{home}/library.sqlite",
    "/_stcore/bidi-components/blockwright.canvas/../../session.py",
    "/_stcore/bidi-components/blockwright.canvas/%2e%2e/%2e%2e/session.py",
    "/_stcore/bidi-components/blockwright.canvas/..%2f..%2fsession.py",
    "/_stcore/bidi-components/blockwright.canvas/{home}/library.sqlite",
    "/_stcore/bidi-components/..%2fsession/session.py",
    "/static/../../../../../../..{home}/library.sqlite",
    "/app/static/../editor/session.py",
    "/library.sqlite",
    "/editor/session.py",
    "/.streamlit/config.toml",
    "//{home}/library.sqlite",
    "/\\\\..\\..{home}\\library.sqlite",
)


def fetched(lab: Server, place: str) -> tuple[int, bytes]:
    """Ask for an address letter for letter, as no browser does."""
    with closing(http.client.HTTPConnection("127.0.0.1", lab.port)) as connection:
        connection.request("GET", place)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_no_address_reaches_a_file_of_the_machine(lab: Server, visit: Visit) -> None:
    visit("ann")
    assert (lab.home / "library.sqlite").exists()
    _, page = fetched(lab, "/")
    for place in PLACES:
        status, content = fetched(lab, place.format(home=lab.home))
        assert content == page or status >= 400, place
        for told in (b"SQLite format", b"class Session", b"allowedHosts", bytes(lab.home)):
            assert told not in content, place


def test_nothing_answers_programs_instead_of_people(lab: Server) -> None:
    for place in ("interact", "mcp"):
        answer = requests.post(
            f"{lab.url}/_stcore/agent/{place}", json={"secret": 1}, headers={HEADER: "ann"}
        )
        assert answer.status_code >= 400
        assert "Traceback" not in answer.text


def test_what_another_page_may_read_is_nothing(lab: Server) -> None:
    """No answer tells a browser that a page of another origin may see it."""
    for place in ("/_stcore/health", "/_stcore/host-config", "/media/x", f"{UPLOAD}/a/b", "/"):
        for method in ("GET", "OPTIONS"):
            answer = requests.request(
                method, f"{lab.url}{place}", headers={"Origin": "http://evil.example"}
            )
            allowed = answer.headers.get("Access-Control-Allow-Origin", "")
            assert urlparse(allowed).hostname in (None, "localhost", "127.0.0.1"), (place, allowed)
            assert allowed != "*"
