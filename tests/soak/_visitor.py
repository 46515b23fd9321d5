"""A browser tab without the browser: it speaks Streamlit's protocol with a real server."""

import json
import time
from collections.abc import Mapping
from typing import Any

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 120.0
REPLACED = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Visitor:
    """One person's tab at an address of the editor.

    What the server shows is in `canvas`, the payload of the canvas, and `texts`, every word of the
    page. `press`, `fill`, `upload` and `draw` do what a click, typing, a file and a drag do;
    what has no key of its own goes by its label. `change` says anything of a widget, as somebody
    may who has no browser either. `headers` are what a proxy puts into the request.
    """

    def __init__(
        self, url: str, page: str = "", query: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        self.canvas: dict[str, Any] = {}
        self.texts: list[str] = []
        self._ids: dict[str, tuple[str, str]] = {}
        self._states: dict[str, WidgetState] = {}
        self._known: dict[str, ForwardMsg] = {}
        self._page, self._query, self._url, self.session = page, query, url, ""
        self._number = self._attempt = 0
        self._socket = connect(
            url.replace("http", "ws") + "/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=url,  # type: ignore[arg-type]
            additional_headers=headers,
            max_size=None,
            close_timeout=0.5,  # nobody waits for what is still on its way
            legacy=True,
        )
        self._run()
        if not (self.canvas or page):
            raise AssertionError(f"no canvas but {self.texts[-3:]}")

    def close(self) -> None:
        self._socket.close()

    def knows(self, key: str) -> bool:
        """Tell whether the page has a widget of this key."""
        return key in self._ids

    def key(self, start: str) -> str:
        """Return the key of the widget that starts so, the newest one."""
        return [key for key in self._ids if key.startswith(start)][-1]

    def press(self, key: str) -> None:
        """Click a button."""
        self.change(key, trigger_value=True)

    def look(self) -> None:
        """Have the whole page shown again."""
        self._run()

    def settle(self, *ends: str) -> None:
        """Look at the page again and again until it has a widget whose label begins so."""
        until = time.monotonic() + PATIENCE
        while not any(name.startswith(end) for name in self._ids for end in ends):
            if time.monotonic() > until:
                raise AssertionError(f"none of {ends}, but {self.texts[-3:]}")
            time.sleep(0.2)
            self.look()

    def fill(self, key: str, value: int | str) -> None:
        """Type a whole number or a text into a field."""
        kind = "string_value" if isinstance(value, str) else "int_value"
        self.change(key, **{kind: value})

    def upload(self, key: str, name: str, content: bytes) -> None:
        """Give a file to a field as the browser does: its bytes first, then word of it."""
        file_id = f"{self._number}-{name}"
        path = f"/_stcore/upload_file/{self.session}/{file_id}"
        token = requests.get(f"{self._url}/_stcore/health").cookies.get("_streamlit_xsrf", "")
        sent = requests.put(
            self._url + path,
            files={"file": (name, content)},
            headers={"X-Xsrftoken": token, "Origin": self._url},
            cookies={"_streamlit_xsrf": token},
        )
        assert sent.status_code == 204, f"the upload is answered with {sent.status_code}"
        urls = FileURLs(file_id=file_id, upload_url=path, delete_url=path)
        info = UploadedFileInfo(file_id=file_id, name=name, size=len(content), file_urls=urls)
        state = FileUploaderState(uploaded_file_info=[info])
        self.change(key, file_uploader_state_value=state)

    def act(self, kind: str) -> None:
        """Choose something of the canvas's menu that Python does."""
        widget, fragment = self._ids["canvas"]
        if widget not in self._states:
            self.send([])  # a canvas says what it holds before anything else
        told = json.dumps([{"event": "action", "value": {"kind": kind}}])
        name = f"$$STREAMLIT_INTERNAL_KEY_{widget}__events"
        state = WidgetState(id=name, json_trigger_value=told)
        self._run([*self._states.values(), state], fragment)

    def draw(self, edits: list[dict[str, Any]], client: str) -> None:
        """Make edits on the canvas, one message each, and send them until they are acknowledged."""
        messages = [
            {"client": client, "number": number, "kind": "edit", "label": "Draw", "edit": edit}
            for number, edit in enumerate(edits, start=self._number + 1)
        ]
        self._number += len(edits)
        until = time.monotonic() + PATIENCE
        while self.acknowledged(client) < self._number:
            if time.monotonic() > until:
                raise AssertionError(f"not acknowledged: {self.canvas['notices']}")
            self.send(messages)

    def acknowledged(self, client: str) -> int:
        """Return the number of the last edit that the server says is saved."""
        return int(self.canvas["acknowledged"].get(client, 0))

    def send(self, messages: list[dict[str, Any]]) -> None:
        """Send an outbox as the canvas does."""
        self._attempt += 1
        outbox = {
            "design_id": self.canvas["design_id"],
            "attempt": self._attempt,
            "revision": self.canvas["revision"],
            "catalog": True,
            "edits": messages,
        }
        self.change("canvas", json_value=json.dumps({"outbox": outbox}))

    def change(self, key: str, **value: Any) -> None:
        """Say a value of a widget by the name of its field in the protocol."""
        widget, fragment = self._ids[key]
        state = WidgetState(id=widget, **value)
        if "trigger_value" not in value:
            self._states[widget] = state
        self._run(
            [*self._states.values(), *([state] if "trigger_value" in value else [])], fragment
        )

    def say(self, message: BackMsg) -> None:
        """Send a message of the protocol and wait for nothing."""
        self._socket.send(message.SerializeToString())

    def shout(self, key: str, **value: Any) -> None:
        """Say a value of a widget and wait for nothing."""
        message = BackMsg()
        widget, message.rerun_script.fragment_id = self._ids[key]
        message.rerun_script.widget_states.widgets.append(WidgetState(id=widget, **value))
        self.say(message)

    def harmed(self, key: str, **value: Any) -> str:
        """Say a value that may break the page; return what the page says then, "" for nothing."""
        try:
            self.change(key, **value)
        except AssertionError as error:
            return str(error)
        return ""

    def _run(self, states: list[WidgetState] | None = None, fragment: str = "") -> None:
        """Run the page's script, or one fragment of it, and take in what it shows."""
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = self._page
        message.rerun_script.fragment_id = fragment
        states = list(self._states.values()) if states is None else states
        message.rerun_script.widget_states.widgets.extend(states)
        self.say(message)
        if not fragment:
            self.texts, self._ids = [], {}
        until = time.monotonic() + PATIENCE
        while self._take_in(until - time.monotonic()) != "finished":
            pass

    def _take_in(self, seconds: float) -> str:
        """Receive one message and return its kind; "finished" for the end of a run.

        A run that another one replaces, because somebody else has edited, is not the end.
        """
        message = ForwardMsg()
        message.ParseFromString(self._socket.recv(timeout=max(0.0, seconds)))
        if message.WhichOneof("type") == "ref_hash":
            message = self._known[message.ref_hash]
        elif message.hash:
            self._known[message.hash] = message
        kind = str(message.WhichOneof("type"))
        if kind == "new_session":
            self.session = message.new_session.initialize.session_id
        if kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element, message.delta.fragment_id)
        if kind == "script_finished" and message.script_finished != REPLACED:
            return "finished"
        return kind

    def _see(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        if kind == "exception":
            raise AssertionError(f"the page shows a traceback: {shown.type}: {shown.message}")
        widget = getattr(shown, "id", "")
        if widget.count("-") >= 2:
            for name in (widget.split("-", 2)[2], getattr(shown, "label", "")):
                self._ids[name] = widget, fragment
        if kind == "bidi_component":
            parts = shown.mixed.json if shown.WhichOneof("data") == "mixed" else shown.json
            self.canvas = json.loads(parts)
        text = getattr(shown, "body", "")
        if isinstance(text, str) and text and not text.startswith("<style>"):
            self.texts.append(text)
