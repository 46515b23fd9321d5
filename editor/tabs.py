"""Which tabs have which design open, so that each hears of what another one did.

No tab asks: one thread of the server compares the revision that each tab shows with the newest
one, and has only the tabs run again that show less. So a design that is open once costs nothing.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx

from blocks import BlockwrightError

LOOK_SECONDS = 0.2
ASK_AGAIN_SECONDS = 1.0

Revisions = Callable[[set[str]], Mapping[str, int]]


@dataclass(frozen=True)
class Shown:
    """What a tab shows: a design at a revision, and how many tabs it says have it open."""

    design: str
    revision: int
    tabs: int


class Tabs:
    """The open tabs of one server.

    `revisions` tells the newest revision of designs, `is_open` whether a tab is still there, and
    `rerun` has one run again unless it is running, and tells whether it will.
    """

    def __init__(
        self,
        revisions: Revisions,
        is_open: Callable[[str], bool],
        rerun: Callable[[str], bool],
    ) -> None:
        self._revisions, self._is_open, self._rerun = revisions, is_open, rerun
        self._shown: dict[str, Shown] = {}
        self._asked: dict[str, tuple[Shown, float]] = {}
        self._lock = threading.Lock()

    def show(self, tab: str, design: str, revision: int) -> int:
        """Note what a tab shows from now on; return how many tabs have the design open."""
        with self._lock:
            others = {other for other, shown in self._shown.items() if shown.design == design}
            count = len(others | {tab})
            self._asked.pop(tab, None)
            self._shown[tab] = Shown(design, revision, count)
            return count

    def leave(self, tab: str) -> None:
        """Note that a tab shows no design any more."""
        with self._lock:
            self._shown.pop(tab, None)
            self._asked.pop(tab, None)

    def look(self) -> None:
        """Have every tab run again that shows less than there is to show."""
        with self._lock:
            for tab in [tab for tab in self._shown if not self._is_open(tab)]:
                del self._shown[tab]
                self._asked.pop(tab, None)
            shown = dict(self._shown)
        if not shown:
            return
        counts = Counter(one.design for one in shown.values())
        newest = self._revisions(set(counts))
        for tab, one in shown.items():
            news = Shown(one.design, newest.get(one.design, -1), counts[one.design])
            if news != one:
                self._ask(tab, news)

    def _ask(self, tab: str, news: Shown) -> None:
        """Have a tab run again, but not for the same news again and again."""
        with self._lock:
            asked, at = self._asked.get(tab, (None, 0.0))
            now = time.monotonic()
            if asked == news and now - at < ASK_AGAIN_SECONDS:
                return
            self._asked[tab] = news, now
        if not self._rerun(tab):
            # What runs now may have looked before there was news: ask again at the next look.
            with self._lock:
                self._asked.pop(tab, None)


def watched(revisions: Revisions) -> Tabs:
    """Return the tabs of this server, with a thread that looks after them."""
    tabs = Tabs(revisions, _is_open, _rerun)
    threading.Thread(target=_watch, args=(tabs,), name="tabs", daemon=True).start()
    return tabs


def this_tab() -> str:
    """Return the id of the tab whose script runs, "" outside a server."""
    context = get_script_run_ctx()
    return context.session_id if context and Runtime.exists() else ""


def _watch(tabs: Tabs) -> None:
    while Runtime.exists():
        time.sleep(LOOK_SECONDS)
        try:
            tabs.look()
        except BlockwrightError:
            # The library is busy or its disk is full: the tabs say so themselves.
            continue


def _is_open(tab: str) -> bool:
    return Runtime.exists() and Runtime.instance().is_active_session(tab)


def _rerun(tab: str) -> bool:
    """Run a tab's script again as it ran last, as Streamlit does when a source file changes."""
    session: Any = Runtime.instance().get_app_session(tab)
    # A run in progress must not be cut off: it may hold an edit.
    if session is None or session._state != AppSessionState.APP_NOT_RUNNING:
        return False

    def run() -> None:
        if session._state == AppSessionState.APP_NOT_RUNNING:
            session.request_rerun(session._client_state)

    session._call_soon_on_event_loop(run)
    return True
