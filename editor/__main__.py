"""Start the editor: `python -m editor [--port N]`; says what to do where its port is taken."""

import argparse
import os
import socket
import sys
from pathlib import Path

from streamlit import config
from streamlit.web.cli import main as streamlit

APP = Path(__file__).parent.parent / "app.py"


def main() -> int:
    """Start Streamlit; return how it ended, or 2 where the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m editor", description="Start the editor.")
    parser.add_argument("--port", type=int, default=config.get_option("server.port"))
    port = parser.parse_args().port
    try:
        socket.create_server((config.get_option("server.address") or "127.0.0.1", port)).close()
    except (OSError, OverflowError) as error:
        print(
            f"The editor cannot listen on port {port} ({getattr(error, 'strerror', error)}). If it "
            f"runs already, open http://localhost:{port}; else choose another port: "
            f"make run PORT={port + 1 if port < 65_535 else 8501}",
            file=sys.stderr,
        )
        return 2
    os.chdir(APP.parent)
    sys.argv = ["streamlit", "run", APP.name, f"--server.port={port}"]
    return int(streamlit() or 0)


if __name__ == "__main__":
    sys.exit(main())
