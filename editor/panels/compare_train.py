"""Training every design of a comparison alike: one run each, with the same data and seed."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from blocks import (
    BlockwrightError,
    DataInfo,
    Problem,
    Run,
    TrainingSettings,
    adaptable,
    adapted,
    runs,
    start_run,
    training_problems,
)
from editor.comparing import Compared
from editor.panels import run_form, train_data, train_options
from editor.panels.run_list import MARKS
from editor.people import owns, require_turn
from editor.run_table import figures_of, group_rows, groups
from editor.session import Session
from editor.view import View
from editor.words import literal

TRAIN_PAGE = "editor/pages/train.py"
TAG = "compare/tag"
POLL_SECONDS = 2.0
MOST_SEEDS = 10


class Alike(NamedTuple):
    """What the runs of a comparison have in common; `settings` are one for each seed."""

    data: str
    info: DataInfo | None
    settings: Sequence[TrainingSettings]
    device: str


def show(session: Session, compared: Sequence[Compared]) -> None:
    """Show the settings that all runs share, what stands against each, and the runs."""
    form, watch = st.columns([1, 1.6], gap="large")
    with form:
        alike = _choose(session, compared)
    with watch:
        ready = [one for one in _ends_set(compared, alike) if _accepts(one, alike)]
        if st.button(
            f"Train {len(ready)} of {len(compared)} designs"
            if len(ready) < len(compared)
            else f"Train all {len(ready)} designs",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ready,
            key="train-all",
        ):
            _start(session, ready, alike)
        st.caption(
            f"The same data, {_seeds(alike.settings)} and settings for each. One run "
            "at a time has the device; the others wait in line."
        )
        _runs(session, compared)


def _choose(session: Session, compared: Sequence[Compared]) -> Alike:
    """Show the form of what all runs share."""
    data, info, reading = train_data.choose(session)
    carries = any(bool(one.view.design.weights) for one in compared)
    settings = train_options.choose(session, info, reading, carries)
    seeds = st.number_input(
        "Runs of each design",
        min_value=1,
        max_value=MOST_SEEDS,
        key="compare/seeds",
        help="Each with a seed of its own, counted up: mean and spread over them tell luck "
        "from a better network.",
    )
    device, settings = run_form.choose_device(session, settings)
    return Alike(data, info, with_seeds(settings, int(seeds)), device)


def _ends_set(compared: Sequence[Compared], alike: Alike) -> Sequence[Compared]:
    """Return the designs with the ends that the data need, where the person wants that."""
    fit = st.toggle(
        "Set inputs and classes to those of the data",
        value=True,
        key="compare/fit",
        help="The designs stay as they are; the runs train copies with these ends.",
    )
    if not fit or alike.info is None:
        return compared
    info = alike.info.fitted(alike.settings[0])
    return [fitted(one, info) for one in compared]


def fitted(one: Compared, info: DataInfo) -> Compared:
    """Return a design with the input size and the classes of a data set."""
    design = one.view.design
    sides = ("height", "width", "channels") if len(info.shape) == 3 else ("length", "channels")
    wanted = dict(zip(sides, info.shape, strict=False)) | {"classes": info.classes}
    known = adaptable(design)
    values = {
        name: value
        for name, value in wanted.items()
        if name in known and known[name].value != value
    }
    if not values:
        return one
    # What is trained then is no revision of the design any more.
    return replace(one, view=View(adapted(design, **values)), revision=None)


def _accepts(one: Compared, alike: Alike) -> bool:
    """Say whether a design can be trained so, and else why not."""
    problems = training_problems(one.view.design, alike.data, alike.settings[0], alike.device)
    errors = [problem for problem in problems if problem.severity == "error"]
    label = literal(one.label)
    if errors:
        st.error(f"**{label}** cannot be trained so:\n" + _list(errors))
    elif problems:
        st.warning(f"**{label}** is ready, but:\n" + _list(problems))
    else:
        st.success(f"**{label}** is ready: {one.view.report.total:,} parameters.")
    return not errors


def _list(problems: Sequence[Problem]) -> str:
    return "\n".join(f"- {literal(str(problem))}" for problem in problems[:4])


def _start(session: Session, ready: Sequence[Compared], alike: Alike) -> None:
    """Start a run of every design for the first seed, then for the next one."""
    tag = time.strftime("Compare %d %b %H:%M:%S")
    for settings in alike.settings:
        for one in ready:
            try:
                require_turn(session.owner, runs())
                start_run(
                    one.view.design,
                    alike.data,
                    device=alike.device,
                    revision=one.revision,
                    design_id=one.design_id,
                    owner=session.owner,
                    tag=tag,
                    **settings.values(),
                )
            except BlockwrightError as error:
                st.error(literal(f"{one.label}: {error}"))
    session.remember(TAG, tag)


def with_seeds(settings: TrainingSettings, count: int) -> list[TrainingSettings]:
    """Return the settings with as many seeds, counted up from theirs."""
    return [replace(settings, seed=(settings.seed + more) % 2**32) for more in range(count)]


def _seeds(settings: Sequence[TrainingSettings]) -> str:
    first, last = settings[0].seed, settings[-1].seed
    return f"seed {first}" if first == last else f"seeds {first} to {last}"


def together(found: Sequence[Run], tag: str, names: set[str]) -> list[Run]:
    """Return the runs of a tag, else of the newest one whose designs are all among some names."""
    tags = dict.fromkeys(run.tag for run in found if run.tag)
    for wanted in [tag, *tags] if tag else tags:
        group = [run for run in found if run.tag == wanted]
        if wanted == tag or {run.design.name for run in group} <= names:
            return group
    return []


def _runs(session: Session, compared: Sequence[Compared]) -> None:
    """Show the runs that were started together, and follow them."""
    names = {one.view.design.name for one in compared}
    tag = str(session.recall(TAG) or "")
    mine = [run for run in runs() if owns(session.owner, run)]
    group = together(mine, tag, names)
    if not group:
        return
    alive = any(run.status().alive for run in group)

    @st.fragment(run_every=POLL_SECONDS if alive else None)
    def follow() -> None:
        found = [figures_of(run) for run in group]
        if len(found) > len(groups(found)):
            st.dataframe(group_rows(found), hide_index=True, placeholder="-")
        st.dataframe([_row(run) for run in group], hide_index=True, placeholder="-")
        if alive and not any(run.status().alive for run in group):
            st.rerun()

    follow()
    st.page_link(TRAIN_PAGE, label="Curves and files on the Train page", icon=":material/timeline:")


def _row(run: Run) -> dict[str, Any]:
    last = run.last_epoch()
    return {
        "Design": run.design.name,
        "State": MARKS[run.status().state],
        "Epochs": f"{last.epoch if last else 0} of {run.settings.epochs}",
        "Accuracy, validation": f"{last.val_accuracy:.1%}" if last else None,
        "Loss, validation": f"{last.val_loss:.4f}" if last else None,
        "Seed": run.settings.seed,
        "Together": run.tag,
    }
