"""The editor: `streamlit run app.py`."""

import streamlit as st

from editor.chrome import ICON, STYLE, pages

st.set_page_config(page_title="Blockwright", page_icon=ICON, layout="wide")
st.html(STYLE)
st.navigation(pages(), position="top").run()
