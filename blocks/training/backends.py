"""What Keras computes with: TensorFlow, JAX or PyTorch, whichever of them are installed."""

import os
from functools import cache
from importlib.util import find_spec

BACKENDS = {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}
"""What people call each backend, by Keras' name for it; the first installed one is the default."""

AUTO = "auto"


@cache
def backends() -> tuple[str, ...]:
    """Return the backends that are installed here, the default first; none of them is imported."""
    return tuple(name for name in BACKENDS if find_spec(name))


def resolved(name: str) -> str:
    """Return the backend that a setting means: `auto` is Keras' own choice, else the first one."""
    if name != AUTO:
        return name
    wanted = os.environ.get("KERAS_BACKEND", "")
    found = backends()
    return wanted if wanted in found else (found or tuple(BACKENDS))[0]


def missing(name: str) -> str:
    """Return the sentence that refuses a backend which is not installed, or ""."""
    backend = resolved(name)
    if backend in backends() or backend not in BACKENDS:
        return ""
    known = ", ".join(backends()) or "none"
    return (
        f"the backend {backend} is not installed here (installed: {known}); choose one that is, "
        f"or install it: pip install {backend}"
    )


def environment(name: str) -> dict[str, str]:
    """Return the variables that must be set before Keras is imported."""
    return {
        "KERAS_BACKEND": resolved(name),
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "XLA_PYTHON_CLIENT_PREALLOCATE": "false",  # as TensorFlow: take what is needed, no more
    }
