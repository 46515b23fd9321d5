"""The canvas of the Design page: a built React component mounted in Streamlit.

``canvas(data, key=...)`` mounts it; ``pictures`` shows diagrams with the same bundle. The source
is in ``frontend/``; the built files in ``dist/`` are committed, so running the editor needs no
Node.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_FOLDER = Path(__file__).parent
_PROJECT = "blockwright"
_NAME = f"{_PROJECT}.canvas"
# Holds the place until the bundle has loaded, so that what stands below does not jump.
_PLACE = '<div class="place" style="height: calc(100vh - 96px); min-height: 560px"></div>'

Callback = Callable[[], None]


def canvas(
    data: Mapping[str, Any],
    *,
    key: str,
    on_outbox: Callback | None = None,
    on_selection: Callback | None = None,
    on_action: Callback | None = None,
) -> Any:
    """Mount the canvas and return what the browser last said.

    ``data`` is the whole payload of every rerun: ``design_id``, ``revision``, ``acknowledged``,
    ``document``, ``overlay``, ``dot``, ``history``, ``notices``, ``own`` (palette entries),
    ``elsewhere`` (own blocks of other designs),
    ``inside`` (numbers of the open definition), ``catalog`` (null once the canvas has spoken),
    ``templates``, ``insides`` (pictures of block types, once they were asked for). Mount
    one canvas with one constant ``key``; another design is another
    ``design_id`` in the data, not another key.

    The result has these attributes, each ``None`` until the browser first sets it:

    - ``outbox``: ``{"design_id", "attempt", "revision", "catalog", "insides", "edits": [...]}``,
      component state, so it stays on later reruns; every edit is applied at most once per
      (client, number). An empty list of edits is the greeting of a canvas that has just mounted;
      ``catalog`` and ``insides`` say whether it holds the catalogue and the pictures already.
      ``design_id`` names the design the edits belong to, which may differ from the one open now.
    - ``selection``: the ids of the selected nodes, component state.
    - ``folds``: ``{"design_id", "folded": [ids], "unfolded": [ids]}``, component state: the blocks
      whose layers the person hid or showed in the diagram.
    - ``inside``: ``{"design_id", "path": [ids]}``, component state: the definitions of own blocks
      that are open, the innermost last.
    - ``insides``: true once the pictures of block types are wanted, component state.
    - ``action``: ``{"kind": "new" | "open_template" | "export" | "train", ...}``, a trigger:
      set for one rerun only. ``open_template`` carries ``id``.

    Each ``on_*`` callback runs before the script's body when its value changed and takes no
    arguments; inside it ``st.session_state[key]`` has the same names. The outbox taken in its
    callback, or at the top of the script before ``data`` is made, is answered in the same rerun.
    """
    return _component()(
        data=dict(data),
        key=key,
        on_outbox_change=on_outbox or _nothing,
        on_selection_change=on_selection or _nothing,
        on_folds_change=_nothing,
        on_inside_change=_nothing,
        on_insides_change=_nothing,
        on_action_change=on_action or _nothing,
    )


def pictures(drawings: Mapping[str, str], *, partners: Sequence[tuple[str, str]], key: str) -> None:
    """Show diagrams side by side, drawn in the browser off its main thread.

    ``drawings`` are Graphviz sources by title; ``partners`` the ids of one block in the first and
    in the second: a click on either marks both.
    """
    shown = [{"title": title, "dot": dot} for title, dot in drawings.items()]
    _component()(data={"pictures": shown, "partners": [list(pair) for pair in partners]}, key=key)


def _nothing() -> None:
    """Take notice of nothing: Streamlit shows a state only when it has a callback."""


def _component() -> Any:
    """Return the mounting function, known to the runtime that is running now."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        # A plain folder is no installed distribution, which is where Streamlit looks for built
        # components, so the manifest is handed over here; once per runtime (tests start many).
        component = ComponentConfig(name="canvas", asset_dir="dist")
        manager.register_from_manifest(ComponentManifest(_PROJECT, "1", [component]), _FOLDER)
        _mount.cache_clear()
    # The bundle is named by its content, so a new build is picked up without a restart.
    return _mount(next(_FOLDER.glob("dist/canvas-*.js")).name)


@cache
def _mount(bundle: str) -> Any:
    return st.components.v2.component(_NAME, html=_PLACE, js=bundle, isolate_styles=True)
