"""The Train page: a form on the left, the runs and their curves on the right."""

import streamlit as st

from editor.panels import run_compare, run_deleted, run_detail, run_form, run_lesson, run_list
from editor.session import Session

VIEWS = ("One run", "Compare runs")

session = Session()
form, watch = st.columns([1, 2.4], gap="large")
look = watch.container()
with form:
    run_form.show(session, look)
    run_lesson.show(session)
with watch:
    run_deleted.offer_return(session)
    found = run_list.of_person(session)
    run = run_list.choose(session, found)
    if run is None:
        st.info(
            "No run yet. Its curves appear here once you start one.", icon=":material/timeline:"
        )
    else:
        view = VIEWS[0]
        if len(found) > 1:
            view = st.segmented_control(
                "View",
                VIEWS,
                default=VIEWS[0],
                required=True,
                label_visibility="collapsed",
                key="run/view",
            )
        if view == VIEWS[1]:
            run_compare.show(found, run)
        else:
            run_detail.show(session, run)
    run_deleted.show(session)
