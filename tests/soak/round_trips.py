"""Every template in every format, there and back: written, then proved by another process.

For every few templates one fresh process writes all formats, and a second one reads each file
back and compares it with the design, as the receipt of an export does. Each line that is printed
on the way is one round trip: template, format, seconds to write and to prove, largest difference.
"""

import gc
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import psutil

from blocks import JobError, analyze, formats, template, templates
from blocks.exports import Format
from blocks.jobs import OnProgress, run_job
from blocks.proof import file_hash
from blocks.proof.child import prove_in_child
from tests.soak import Row, run

AT_ONCE = 4  # templates that share the two processes: loading TensorFlow takes its time
SECONDS = 3 * 3600
MEMORY_BYTES = int(0.7 * psutil.virtual_memory().total)


class Trip(NamedTuple):
    """One template in one format, and what the second process found."""

    template: str
    format: str
    writing: float
    proving: float
    largest_difference: float | None
    finding: str

    def line(self) -> str:
        largest = "" if self.largest_difference is None else f"{self.largest_difference:.1e}"
        times = f"{self.writing:>8.1f}{self.proving:>8.1f}"
        return f"{self.template:<26}{self.format:<12}{times}{largest:>10}  {self.finding}"


def round_trips(pairs: Sequence[tuple[str, str]]) -> list[Trip]:
    """Write templates in formats in one process, and prove the files in another."""
    with tempfile.TemporaryDirectory() as folder:
        payload = {"pairs": pairs, "folder": folder}
        written = _job("write_all", payload)["written"]
        proved = _job("prove_all", payload | {"written": written})["proved"]
    return [
        Trip(*pair, one["seconds"], two["seconds"], two["largest_difference"], two["finding"])
        for pair, one, two in zip(pairs, written, proved, strict=True)
    ]


def _job(function: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return run_job(
        f"tests.soak.round_trips:{function}", payload, seconds=SECONDS, memory_bytes=MEMORY_BYTES
    )


def write_all(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Be the first process: write every file."""
    written = []
    for name, entry, path in _files(payload):
        start = perf_counter()
        digest = entry.write(template(name), path)
        written.append({"weights": digest or "", "seconds": perf_counter() - start})
        _forget()
    return {"written": written}


def prove_all(payload: Mapping[str, Any], progress: OnProgress) -> dict[str, Any]:
    """Be the second process: compare every file with its design."""
    proved = []
    for (name, entry, path), written in zip(_files(payload), payload["written"], strict=True):
        start = perf_counter()
        largest, finding = _proof(name, entry, path, written["weights"])
        seconds = perf_counter() - start
        proved.append({"seconds": seconds, "largest_difference": largest, "finding": finding})
        _forget()
    return {"proved": proved}


def _files(payload: Mapping[str, Any]) -> Iterable[tuple[str, Format, Path]]:
    for name, format_id in payload["pairs"]:
        entry = formats()[format_id]
        yield name, entry, Path(payload["folder"]) / f"{name}_{format_id}{entry.suffix}"


def _proof(name: str, entry: Format, path: Path, weights: str) -> tuple[float | None, str]:
    """Return the largest difference, and what is wrong with a file, if anything."""
    if not entry.model:
        again = path.with_name(f"again_{path.name}")
        entry.write(template(name), again)
        return None, "" if file_hash(again) == file_hash(path) else "other bytes in a new process"
    answer = prove_in_child(
        {
            "design": template(name).to_json(),
            "path": str(path),
            "format": entry.id,
            "loader": entry.loader,
            "weights": weights,
            "tolerance": entry.tolerance,
        },
        lambda fraction, message: None,
    )
    checks = answer["checks"]
    numbers = [check["largest_difference"] for check in checks]
    failed = [f"{check['name']}: {check['detail']}" for check in checks if not check["passed"]]
    return max((n for n in numbers if n is not None), default=None), "; ".join(failed)


def _forget() -> None:
    """Let Keras forget the last model, so that memory holds only one."""
    import keras

    keras.backend.clear_session()
    gc.collect()


def soak(count: int) -> list[Row]:
    """Take the smallest templates through every format; one row a format."""
    trips: list[Trip] = []
    broken = []
    names = sorted(templates(), key=lambda name: analyze(template(name)).total)[:count]
    for start in range(0, count, AT_ONCE):
        some = names[start : start + AT_ONCE]
        try:
            found = round_trips([(name, format_id) for name in some for format_id in formats()])
        except JobError as error:
            broken.append(f"{', '.join(some)}: {error}")
            continue
        for trip in found:
            print(trip.line(), flush=True)
        trips += found
    rows = [_row(format_id, [t for t in trips if t.format == format_id]) for format_id in formats()]
    return [*rows, *([Row("a process that ended", len(broken), broken)] if broken else [])]


def _row(format_id: str, trips: Sequence[Trip]) -> Row:
    """Sum up one format over all templates."""
    row = Row(f"round trips of templates as `{format_id}`")
    for trip in trips:
        row.check(not trip.finding, f"{trip.template}: {trip.finding}")
    if not trips:
        return row
    slowest = max(trips, key=lambda trip: trip.writing + trip.proving)
    median = sorted(trip.writing + trip.proving for trip in trips)[len(trips) // 2]
    longest = slowest.writing + slowest.proving
    row.note = f"{median:.1f} s, at most {longest:.0f} s (`{slowest.template}`)"
    differences = [t.largest_difference for t in trips if t.largest_difference is not None]
    if differences:
        largest = max(differences)
        row.note += f"; largest difference {largest:.1e}" if largest else "; equal bit for bit"
    return row


if __name__ == "__main__":
    run(soak, len(templates()), "Every template in every format, there and back")
