"""The editor: a Streamlit application around `blocks`."""
