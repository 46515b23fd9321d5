"""The rules of the house: who may import whom, and what a new file brings."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("app.py", "blocks/**/*.py", "editor/**/*.py")
    for path in ROOT.glob(folder)
    if "frontend" not in path.parts
)

# Every room may import itself and the rooms before it.
ORDER = [
    *(
        "errors",
        "carried",
        "budget",
        "notes",
        "params",
        "graph",
        "layers",
        "block",
        "catalog",
        "node",
        "own",
    ),
    *(
        "design",
        "adapted",
        "order",
        "alignment",
        "differences",
        "transplant",
        "packing",
        "renaming",
    ),
    *("build", "expand", "repairs", "layout"),
    *(
        "depth",
        "memory",
        "receptive",
        "analysis",
        "opened",
        "chains",
        "folding",
        "turns",
        "explain",
        "fitting",
        "summary",
    ),
    *("comparison", "profile"),
    *("home", "weights", "keras_model", "child", "jobs", "residents"),
    *("diagram", "rows", "pictures", "handbook"),
    *("thumbnail", "proof", "published", "templates"),
    *("exports", "imports", "training", "pretrained", "architectures"),
    *("source", "blocks", "__main__", "editor", "app"),
]

HEAVY = {"keras", "tensorflow", "jax", "torch", "ray", "onnx", "onnxruntime", "tf2onnx"}
MAY_IMPORT_HEAVY = (
    "blocks/keras_model.py",
    "blocks/proof",
    "blocks/exports/",
    "blocks/pretrained/",
    "blocks/training/data.py",
    "blocks/training/worker.py",
    "blocks/training/engines/",
)


def room_of(module: str) -> str:
    """Return the room a module of ours belongs to."""
    parts = module.split(".")
    if parts[0] != "blocks":
        return parts[0]
    return parts[1] if len(parts) > 1 and parts[1] in ORDER else "blocks"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield (module, at the top level?) of every import in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, id(node) in top


def ours(path: Path) -> Iterator[str]:
    return (m for m, _ in imports(path) if m.split(".")[0] in ("blocks", "editor", "app"))


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_a_room_imports_only_itself_and_the_rooms_before_it(path: Path) -> None:
    here = room_of(module_name(path))
    if here == "architectures":
        return
    late = [module for module in ours(path) if ORDER.index(room_of(module)) > ORDER.index(here)]
    assert not late, f"{label(path)} is in {here!r} and imports {late}"


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_blocks_never_imports_streamlit_or_the_editor(path: Path) -> None:
    if path.is_relative_to(ROOT / "blocks"):
        assert not {m.split(".")[0] for m, _ in imports(path)} & {"streamlit", "editor", "app"}


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_keras_is_imported_only_inside_functions_of_the_files_that_build_models(
    path: Path,
) -> None:
    heavy = [(m, top) for m, top in imports(path) if m.split(".")[0] in HEAVY]
    allowed = label(path).startswith(MAY_IMPORT_HEAVY)
    assert not [m for m, top in heavy if top or not allowed]


@pytest.mark.parametrize("path", SOURCES, ids=label)
def test_the_editor_imports_names_of_blocks_never_its_submodules(path: Path) -> None:
    if path.is_relative_to(ROOT / "editor"):
        assert not [m for m in ours(path) if m.startswith("blocks.")]


@pytest.mark.parametrize("path", sorted((ROOT / "blocks/architectures").glob("*.py")), ids=label)
def test_architectures_use_public_names_only(path: Path) -> None:
    assert set(ours(path)) <= {"blocks"}


@pytest.mark.parametrize("path", sorted((ROOT / "blocks/catalog").glob("[a-z]*.py")), ids=label)
def test_a_block_type_knows_no_other_block_type(path: Path) -> None:
    allowed = {"blocks.block", "blocks.errors", "blocks.graph", "blocks.layers", "blocks.params"}
    assert set(ours(path)) <= allowed


def test_edits_know_no_streamlit() -> None:
    assert "streamlit" not in {m.split(".")[0] for m, _ in imports(ROOT / "editor/edits.py")}


def test_only_the_session_touches_session_state() -> None:
    users = [
        label(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "session_state"
    ]
    assert set(users) == {"editor/session.py"}


def test_importing_and_analysing_loads_no_heavy_library() -> None:
    script = (
        "import sys, blocks\n"
        "blocks.analyze(blocks.template('tutorial_vgg'))\n"
        f"print(sorted({HEAVY | {'streamlit'}} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
