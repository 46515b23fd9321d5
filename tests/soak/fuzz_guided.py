"""Bad files that learn: atheris keeps and changes those inputs that reach new lines of a reader.

For the readers that are Python alone, and with the same verdict as the other fuzzing. It starts
from the bad files that the others draw. atheris is no requirement: `pip install atheris`.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak import Row, findings, table

READERS = (
    ("tests.soak.fuzz_json", "design JSON"),
    ("tests.soak.fuzz_json", "share link"),
    ("tests.soak.fuzz_python", "Python code"),
)
SEEDS = 200
MOST_BYTES, MOST_SECONDS, MOST_MEGABYTES = 20_000, 20, 2_000


def be_child(module: str, name: str, folder: str, count: int) -> None:
    """Fuzz one reader in this process, which atheris ends; leave what was found in a folder."""
    import atheris

    with atheris.instrument_imports(include=["blocks"]):
        from tests.soak._fuzzing import find, verdict

        importer = find(module, name)
    inputs = Path(folder, "inputs")
    inputs.mkdir()
    for number in range(SEEDS):
        (inputs / str(number)).write_bytes(importer.input(number))
    counts = {"tried": 0, "opened": 0, "refused": 0}
    wrongs: list[str] = []

    def reads(content: bytes) -> None:
        is_open, wrong = verdict(importer, content)
        counts["tried"] += 1
        counts["opened" if is_open else "refused"] += not wrong
        if wrong:
            wrongs.append(f"{wrong} for {content[:200]!a}")
        if wrong or counts["tried"] % 1_000 == 0:  # whatever ends this process, these are known
            Path(folder, "counts.json").write_text(json.dumps([counts, wrongs[:20]]))

    limits = (f"-timeout={MOST_SECONDS}", f"-rss_limit_mb={MOST_MEGABYTES}")
    sizes = (f"-max_len={MOST_BYTES}", f"-atheris_runs={count}", f"-artifact_prefix={folder}/")
    atheris.Setup([sys.argv[0], str(inputs), *limits, *sizes], reads)
    atheris.Fuzz()


def guided(module: str, name: str, count: int) -> Row:
    """Fuzz a reader in a child; a child that does not come to its end is a finding."""
    with tempfile.TemporaryDirectory() as folder:
        code = f"from tests.soak.fuzz_guided import be_child; be_child(*{[module, name, folder]!r}"
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", f"{code}, {count})"],
            capture_output=True,
            text=True,
        )
        told = Path(folder, "counts.json")
        counts, wrongs = json.loads(told.read_text()) if told.exists() else ({"tried": 0}, [])
    if done.returncode:
        wrongs.append(f"the child ended with {done.returncode}: {done.stderr[-300:]!a}")
    note = f"opened {counts.get('opened', 0):,}, refused {counts.get('refused', 0):,}"
    return Row(f"{name}, guided", counts["tried"], wrongs, note)


def main() -> int:
    """Fuzz every reader as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.fuzz_guided")
    parser.add_argument("--count", type=int, default=100_000, help="inputs for each reader")
    parser.add_argument("--importer", default="", help="a part of the reader's name")
    given = parser.parse_args()
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed, so nothing was fuzzed with its guidance")
        return 0
    rows = [guided(*one, given.count) for one in READERS if given.importer in one[1]]
    print(f"\n{table(rows)}\n", flush=True)
    for finding in findings(rows):
        print(f"FOUND  {finding}", flush=True)
    return 1 if findings(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
