"""What our export writes: the statements and calls, the only ones that are read back."""

import ast
from collections.abc import Iterator, Sequence

from blocks.errors import ReadError

MODEL = "build_model"
GUARD = "__name__ == '__main__'"
SHOWN = ("build_model().summary()", "model = build_model()", "model.summary()")
IMPORTS = ("import keras", "from keras import layers")
OBJECTS = ("initializers", "regularizers", "constraints")

STATEMENTS = (ast.Assign, ast.AugAssign, ast.Return, ast.For)
PARTS = (
    *(ast.Constant, ast.Name, ast.Load, ast.Store, ast.Tuple, ast.List, ast.Dict, ast.Attribute),
    *(ast.Call, ast.keyword, ast.JoinedStr, ast.FormattedValue, ast.Subscript),
    *(ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop),
)
SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.USub, ast.UAdd)
WHAT = {
    ast.While: "is a while loop",
    ast.If: "is an if",
    ast.ClassDef: "defines a class",
    ast.AsyncFunctionDef: "defines an async function",
    ast.FunctionDef: "defines a function within another or with a decorator",
    ast.With: "is a with",
    ast.Try: "is a try",
    ast.Delete: "deletes something",
    ast.Raise: "raises an error",
    ast.Assert: "asserts something",
    ast.Global: "is a global",
    ast.Lambda: "makes a function of its own",
    ast.ListComp: "is a comprehension",
    ast.DictComp: "is a comprehension",
    ast.SetComp: "is a comprehension",
    ast.GeneratorExp: "is a comprehension",
}


def refusal(node: ast.AST, what: str) -> ReadError:
    """Return the error for a piece of code that our export does not write."""
    line = getattr(node, "lineno", 1)
    return ReadError(f"line {line}: only what Blockwright writes can be read; this {what}")


def described(node: ast.AST) -> str:
    """Return what a piece of code does, in a few words for a refusal."""
    if isinstance(node, ast.Expr):
        return described(node.value)
    if isinstance(node, ast.Call):
        return f"calls {code(node.func)}(...)"
    if isinstance(node, ast.Import | ast.ImportFrom):
        return f"says {code(node)}"
    return WHAT.get(type(node)) or f"says {code(node)}"


def code(node: ast.AST) -> str:
    """Return the beginning of a piece of code, in plain ASCII."""
    text = ascii(ast.unparse(node))[1:-1]
    return text if len(text) <= 60 else f"{text[:57]}..."


def check(module: ast.Module) -> None:
    """Hold every statement of a file against what our export writes.

    Raises:
        ReadError: naming the first line that is something else.
    """
    functions = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
    for node in without_docstring(module.body):
        if isinstance(node, ast.FunctionDef):
            _check_function(node, functions)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if "torch" in ast.unparse(node).replace(".", " ").split():
                raise ReadError(
                    f"line {node.lineno}: this is PyTorch code, and only Keras code is read back; "
                    "import the Keras code of the design, or its design file"
                )
            if ast.unparse(node) not in IMPORTS:
                raise refusal(node, described(node))
        elif isinstance(node, ast.If):
            _check_guard(node)
        elif isinstance(node, ast.Assign):
            _check_parts(node, functions, set())
        else:
            raise refusal(node, described(node))


def without_docstring(body: Sequence[ast.stmt]) -> Sequence[ast.stmt]:
    """Return statements without the text that may stand before them."""
    first = body[0] if body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return body[1:] if isinstance(first.value.value, str) else body
    return body


def _check_guard(node: ast.If) -> None:
    if ast.unparse(node.test) != GUARD or node.orelse:
        raise refusal(node, described(node))
    for inner in node.body:
        if ast.unparse(inner) not in SHOWN:
            raise refusal(inner, described(inner))


def _check_function(node: ast.FunctionDef, functions: set[str]) -> None:
    given = node.args
    if node.decorator_list:
        raise refusal(node, described(node))
    if given.vararg or given.kwarg or given.posonlyargs or given.kwonlyargs:
        raise refusal(node, f"lets {node.name} take other than plain arguments")
    local = {argument.arg for argument in given.args}
    local |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and _stored(part)}
    for default in given.defaults:
        _check_parts(default, functions, local)
    _check_body(without_docstring(node.body), functions, local)


def _check_body(body: Sequence[ast.stmt], functions: set[str], local: set[str]) -> None:
    for node in body:
        if not isinstance(node, STATEMENTS):
            raise refusal(node, described(node))
        if isinstance(node, ast.For):
            if node.orelse:
                raise refusal(node, "is a for with an else")
            _check_parts(node.target, functions, local)
            _check_parts(node.iter, functions, local)
            _check_body(node.body, functions, local)
        else:
            _check_parts(node, functions, local)


def _stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _check_parts(node: ast.AST, functions: set[str], local: set[str]) -> None:
    """Hold every part of a statement or expression against what is allowed in one."""
    for part in _parts(node):
        if not isinstance(part, (*PARTS, *STATEMENTS)):
            raise refusal(part, described(part))
        if not isinstance(getattr(part, "op", SIGNS[0]()), SIGNS):
            raise refusal(part, f"computes {code(part)}")
        if isinstance(part, ast.Attribute) and not is_keras(part):
            raise refusal(part, f"reads {code(part)}")
        if isinstance(part, ast.Call) and not _is_known_call(part.func, functions, local):
            raise refusal(part, described(part))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a piece of code and its parts, outer ones first; of a dotted name only the whole."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.Attribute):
            waiting += reversed(list(ast.iter_child_nodes(part)))


def _is_known_call(function: ast.expr, functions: set[str], local: set[str]) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "range" or function.id in functions | local
    return isinstance(function, ast.Call) or is_keras(function)


def is_keras(node: ast.AST) -> bool:
    """Tell whether a dotted name is one of Keras' that our export writes."""
    words = dotted(node)
    if words in (["keras", "Input"], ["keras", "Model"]):
        return True
    if words[:1] == ["keras"] and len(words) == 3:
        return words[1] == "layers" or words[1] in OBJECTS
    return words[:1] == ["layers"] and len(words) == 2


def dotted(node: ast.AST) -> list[str]:
    """Return the words of a dotted name; none of what is no dotted name."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.append(node.attr)
        node = node.value
    return [node.id, *reversed(words)] if isinstance(node, ast.Name) else []
