"""What a run will take and what stands against it: estimates, a measurement, repairs."""

from typing import Any

import streamlit as st

from blocks import (
    BlockwrightError,
    DataInfo,
    Device,
    Estimate,
    Job,
    JobError,
    Problem,
    Repair,
    TrainingSettings,
    devices,
    estimated,
    measured,
    start_measuring,
    too_much,
    training_problems,
)
from editor.session import Session
from editor.words import literal

MEASURING = "train/measuring"


def problems_of(
    session: Session, data: str, info: DataInfo | None, settings: TrainingSettings, device: str
) -> list[Problem]:
    """Return what stands against a run, with what a measurement has found."""
    found = training_problems(session.stored.design, data, settings, device)
    known = _result(session, settings, info, device) if info else None
    card = _card(device)
    refusal = too_much(known, settings, card) if known else ""
    return [*found, Problem("", refusal)] if refusal else found


def _card(name: str) -> Device:
    return next(one for one in devices() if one.name == name)


def show_problems(session: Session, problems: list[Problem]) -> None:
    """Show sentences, each with the repairs there are: of the design, or of these settings."""
    for problem in problems:
        box = st.error if problem.severity == "error" else st.warning
        said = problem.message[0].upper() + problem.message[1:]
        box(
            f"**{literal(problem.node)}**: {literal(problem.message)}"
            if problem.node
            else literal(said)
        )
        for repair in problem.repairs:
            st.button(
                literal(repair.label),
                icon=":material/build:",
                key=f"repair/{problem.node}/{repair.label}",  # a late click hits no other repair
                on_click=_mend,
                args=(session, repair),
            )


def _mend(session: Session, repair: Repair) -> None:
    """Do what a repair says; called before the page is drawn again."""
    if repair.settings:
        session.fill(repair.settings)
        return
    try:
        session.keep()  # what came in a link is stored before it is changed
        session.library.edit(session.design_id, session.owner, repair.label, repair.edit)
    except BlockwrightError as error:
        session.tell(str(error))


def show_estimate(
    session: Session, info: DataInfo, settings: TrainingSettings, device: str
) -> None:
    """Show what the run will take, and Measure, which replaces the estimate."""
    report = session.view.report
    if report.errors or any(settings.problems()):
        return
    card = _card(device)
    if card.is_cluster:
        st.caption("What a step takes on the cluster is not known before it runs there.")
        return
    found = _result(session, settings, info, device) or estimated(report, settings, info, card)
    with st.container(border=True):
        st.markdown(literal(found.sentence()))
        if not found.measured:
            _measure(session, info, settings, device)


def _key(session: Session, settings: TrainingSettings, info: DataInfo, device: str) -> Any:
    said = (
        settings.batch_size,
        settings.optimizer,
        settings.precision,
        settings.xla,
        settings.backend,
    )
    return session.design_id, session.revision, info.fitted(settings).shape, said, device


def _result(
    session: Session, settings: TrainingSettings, info: DataInfo, device: str
) -> Estimate | None:
    kept: tuple[Any, Job] | None = session.recall(MEASURING)
    if kept is None or kept[0] != _key(session, settings, info, device) or not kept[1].done:
        return None
    card = _card(device)
    try:
        return measured(kept[1].result(), settings, info, card)
    except JobError:
        return None


def _measure(session: Session, info: DataInfo, settings: TrainingSettings, device: str) -> None:
    """Offer Measure, and follow a measurement that goes on."""
    key = _key(session, settings, info, device)
    kept: tuple[Any, Job] | None = session.recall(MEASURING)
    job = kept[1] if kept and kept[0] == key else None
    going = job is not None and not job.done

    @st.fragment(run_every=0.5 if going else None)
    def follow() -> None:
        if job is not None and going:
            if job.done:
                st.rerun()
            st.progress(job.progress.fraction, literal(job.progress.message))
            return
        if job is not None:
            try:
                job.result()
            except JobError as error:
                st.error(literal(str(error)))
        if st.button(
            "Measure",
            icon=":material/speed:",
            key="measure",
            help="Trains a few steps on made-up samples in a process of its own.",
        ):
            card = _card(device)
            started = start_measuring(session.stored.design, settings, info, card)
            session.remember(MEASURING, (key, started))
            st.rerun()

    follow()
