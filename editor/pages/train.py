"""The Train page: a form on the left, the runs and their curves on the right."""

import streamlit as st

from editor.panels import run_detail, run_form, run_lesson, run_list
from editor.session import Session

session = Session()
form, watch = st.columns([1, 2.4], gap="large")
with form:
    run_form.show(session)
    run_lesson.show(session)
with watch:
    run = run_list.choose(session)
    if run is None:
        st.info(
            "No run yet. Its curves appear here once you start one.", icon=":material/timeline:"
        )
    else:
        run_detail.show(session, run)
