"""Training as processes and folders: a run outlives the page, the tab and the server."""
