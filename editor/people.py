"""Who asks, and how much a person may keep on a server that several share.

On a machine of one's own nobody signs in and nothing is limited. BLOCKWRIGHT_SIGN_IN makes a
server shared: it names the header in which a proxy in front says who signed in, or is `login` for
Streamlit's own sign-in. docs/lab.md tells how to set it up.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from blocks import BlockwrightError, Run

SIGN_IN = "BLOCKWRIGHT_SIGN_IN"
LOGIN = "login"
LOCAL = "local"
MAX_NAME = 200
GIGABYTE = 1024**3


class SignInError(BlockwrightError):
    """Nobody said who asks."""


class QuotaError(BlockwrightError):
    """A person has as much on a shared server as anybody may have."""


@dataclass(frozen=True)
class Quota:
    """How much one person may have on a shared server; `runs` wait or go on at the same time."""

    designs: int = 500
    data_bytes: int = 10 * GIGABYTE
    runs: int = 4


def is_shared() -> bool:
    """Tell whether people sign in to this server."""
    return bool(os.environ.get(SIGN_IN))


def owner() -> str:
    """Return whose designs these are: who signed in, else the machine's user.

    Raises:
        SignInError: people sign in to this server, and nobody did.
    """
    header = os.environ.get(SIGN_IN, "")
    if header and header != LOGIN:
        return _named(st.context.headers.get(header) or "")
    if st.user.get("is_logged_in"):
        return _named(str(st.user.get("email") or st.user.get("sub") or ""))
    if header:
        raise SignInError("sign in to see your designs")
    return LOCAL


def _named(name: str) -> str:
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise SignInError(
            "this server does not know who you are: its proxy did not pass a name on; sign in "
            "again, or tell the person who runs it"
        )
    # The machine's own user has rights that nobody gets by a name.
    return f"{name}@" if name == LOCAL else name


def welcomed() -> bool:
    """Show the way in to a person who has not signed in; tell whether the pages may be shown."""
    if os.environ.get(SIGN_IN) != LOGIN or st.user.get("is_logged_in"):
        return True
    st.title("Blockwright")
    st.markdown("Sign in to see your designs.")
    st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)
    return False


def quota() -> Quota | None:
    """Return what a person may have, as the environment says it; None on one's own machine.

    Raises:
        QuotaError: a limit in the environment is no positive integer.
    """
    if not is_shared():
        return None
    usual = Quota()
    return Quota(
        _limit("BLOCKWRIGHT_MAX_DESIGNS", usual.designs),
        _limit("BLOCKWRIGHT_MAX_DATA_GB", usual.data_bytes // GIGABYTE) * GIGABYTE,
        _limit("BLOCKWRIGHT_MAX_RUNS", usual.runs),
    )


def _limit(variable: str, usual: int) -> int:
    text = os.environ.get(variable, "") or str(usual)
    if not text.isdecimal() or not int(text):
        raise QuotaError(f"{variable} must be an integer from 1, got {text!a:.40}")
    return int(text)


def owns(person: str, run: Run) -> bool:
    """Tell whether a run is a person's; those from the shell are the machine's user's."""
    return run.owner == person or (person == LOCAL and not run.owner)


def require_turn(person: str, found: Sequence[Run]) -> None:
    """Refuse another run to a person who has as many as the quota allows.

    Raises:
        QuotaError: so many wait or go on.
    """
    limits = quota()
    if limits is None:
        return
    alive = sum(1 for run in found if owns(person, run) and run.status().alive)
    if alive >= limits.runs:
        raise QuotaError(
            f"{alive} of your runs wait or go on, as many as a person may have on this server; "
            "wait for one to end, or stop one"
        )
