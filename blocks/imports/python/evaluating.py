"""Following code that our export wrote: numbers and words are computed, tensors only named."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from blocks.errors import ReadError
from blocks.imports.drawn import KEY
from blocks.imports.python import computing
from blocks.imports.python.allowed import MODEL, code, dotted, refusal, without_docstring
from blocks.imports.python.calling import Calls, tensors_of
from blocks.imports.python.recording import MadeLayer, MadeModel, architecture_of
from blocks.imports.python.tracing import Tracer

MAX_STEPS = 1_000_000
MAX_TURNS = 10_000
MAX_CALLS_DEEP = 50

Values = dict[str, Any]


@dataclass
class Evaluator:
    """Runs the allowed statements of a module on names of tensors; every step is counted."""

    calls: Calls = field(default_factory=Calls)
    constants: Values = field(default_factory=dict)
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    steps: int = 0
    running: list[str] = field(default_factory=list)
    tracer: Tracer = field(default_factory=Tracer)

    def model_of(self, module: ast.Module) -> dict[str, Any]:
        """Return the architecture that the module's `build_model()` gives, in Keras' form.

        Raises:
            ReadError: naming the line that cannot be followed.
        """
        self.functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
        for node in module.body:
            if isinstance(node, ast.Assign):
                self._statement(node, self.constants)
        if MODEL not in self.functions:
            raise ReadError(f"there is no function {MODEL}() in the file")
        function = self.functions[MODEL]
        model = self._run(function, self._bound(function, function, [], {}), function)
        if not isinstance(model, MadeModel):
            raise refusal(function, f"is a {MODEL}() that returns no keras.Model")
        return {**architecture_of(model), KEY: self.tracer.told()}

    def _run(self, function: ast.FunctionDef, local: Values, call: ast.AST) -> Any:
        if len(self.running) >= MAX_CALLS_DEEP or function.name in self.running:
            raise refusal(call, f"calls {function.name}() within itself, or functions too deep")
        outermost = not self.running
        if not outermost:
            local = self.tracer.entered(function.name, local)
        self.running.append(function.name)
        returned = self._body(without_docstring(function.body), local)
        self.running.pop()
        if not outermost:
            self.tracer.left(returned[0] if returned else None)
        return returned[0] if returned else None

    def _body(self, body: Sequence[ast.stmt], local: Values) -> list[Any]:
        """Follow statements; return a list of what is returned, empty where nothing is."""
        for node in body:
            if isinstance(node, ast.Return):
                return [self.value(node.value, local) if node.value else None]
            if isinstance(node, ast.For):
                turns = self._turns(node, local)
                self.tracer.looping(self._counted(node.iter, local))
                for item in turns:
                    self._assign(node.target, item, local)
                    if returned := self._body(node.body, local):
                        return returned
                self.tracer.looped()
            else:
                self._statement(node, local)
        return []

    def _turns(self, node: ast.For, local: Values) -> Sequence[Any]:
        turns = self.value(node.iter, local)
        if not isinstance(turns, range | str | tuple):
            raise refusal(node, f"is a for over {code(node.iter)}")
        if len(turns) > MAX_TURNS:
            raise ReadError(
                f"line {node.lineno}: a loop may have {MAX_TURNS:,} turns, got {len(turns):,}"
            )
        return turns

    def _counted(self, turns: ast.expr, local: Values) -> Any:
        """Return what the turns of a loop are counted by, with the formula it remembers."""
        counted = turns.args[-1] if isinstance(turns, ast.Call) and turns.args else None
        calls = counted and any(isinstance(part, ast.Call) for part in ast.walk(counted))
        return self.value(counted, local) if counted and not calls else None

    def _statement(self, node: ast.stmt, local: Values) -> None:
        self._count(node)
        if isinstance(node, ast.Assign):
            value = self.value(node.value, local)
            for target in node.targets:
                self._assign(target, value, local)
        elif isinstance(node, ast.AugAssign):
            left = self.value(ast.Name(_name(node.target), lineno=node.lineno), local)
            right = self.value(node.value, local)
            self._assign(node.target, computing.combined(node, node.op, left, right), local)

    def _assign(self, target: ast.expr, value: Any, local: Values) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            if not isinstance(value, tuple) or len(value) != len(target.elts):
                raise refusal(target, f"puts one value into {code(target)}")
            for inner, item in zip(target.elts, value, strict=True):
                self._assign(inner, item, local)
        else:
            local[_name(target)] = value

    def value(self, node: ast.expr, local: Values) -> Any:
        """Return the value of an expression.

        Raises:
            ReadError: naming the line that cannot be followed.
        """
        self._count(node)
        match node:
            case ast.Constant(value=value):
                return computing.constant(node, value)
            case ast.Name(id=name):
                return self._look_up(node, name, local)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return tuple(self.value(item, local) for item in items)
            case ast.Dict():
                return dict(self._pairs(node, local))
            case ast.JoinedStr(values=parts):
                return computing.joined(node, [self._part(part, local) for part in parts])
            case ast.BinOp(left=left, op=op, right=right):
                return computing.combined(
                    node, op, self.value(left, local), self.value(right, local)
                )
            case ast.UnaryOp(op=op, operand=operand):
                return computing.signed(node, op, self.value(operand, local))
            case ast.Subscript(value=whole, slice=place):
                return computing.entry(node, self.value(whole, local), self.value(place, local))
            case ast.Call():
                return self._call(node, local)
        raise refusal(node, f"says {code(node)}")

    def _count(self, node: ast.AST) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            line = getattr(node, "lineno", 1)
            raise ReadError(f"line {line}: the model takes more than {MAX_STEPS:,} steps to build")

    def _look_up(self, node: ast.AST, name: str, local: Values) -> Any:
        for values in (local, self.constants):
            if name in values:
                return values[name]
        raise refusal(node, f"reads {name:.60}, which is not set before it")

    def _pairs(self, node: ast.Dict, local: Values) -> Iterator[tuple[str, Any]]:
        for key, item in zip(node.keys, node.values, strict=True):
            word = self.value(key, local) if key else None
            if not isinstance(word, str):
                raise refusal(node, "is a dictionary with keys that are no words")
            yield word, self.value(item, local)

    def _part(self, node: ast.expr, local: Values) -> str:
        if isinstance(node, ast.FormattedValue):
            value = self.value(node.value, local)
            plain = node.conversion == -1 and node.format_spec is None
            if not plain or not isinstance(value, int | str) or isinstance(value, bool):
                raise refusal(node, f"formats {code(node.value)}")
            return str(value)
        return str(self.value(node, local))

    def _call(self, node: ast.Call, local: Values) -> Any:
        given = [self.value(item, local) for item in node.args]
        words = {word.arg: self.value(word.value, local) for word in node.keywords if word.arg}
        if len(words) < len(node.keywords):
            raise refusal(node, "gives arguments with ** or one of them twice")
        if isinstance(node.func, ast.Attribute):
            return self.calls.of_keras(node, dotted(node.func), given, words)
        if isinstance(node.func, ast.Name) and node.func.id not in local:
            if node.func.id in self.functions:
                function = self.functions[node.func.id]
                return self._run(function, self._bound(node, function, given, words), node)
            if node.func.id == "range":
                return computing.counted(node, given, words)
        layer = self.value(node.func, local)
        if not isinstance(layer, MadeLayer):
            raise refusal(node, f"calls {code(node.func)}(...)")
        if words or len(given) != 1:
            raise refusal(node, f"calls {layer.name:.60} on other than one tensor or one list")
        tensors = tensors_of(node, given[0])
        self.tracer.called(layer)
        return self.calls.recorder.call(layer, tensors, listed=isinstance(given[0], tuple))

    def _bound(
        self, call: ast.AST, function: ast.FunctionDef, given: Sequence[Any], words: Values
    ) -> Values:
        """Return the arguments of a call by name, defaults included."""
        names = [argument.arg for argument in function.args.args]
        defaults = function.args.defaults
        local: Values = {}
        for name, default in zip(names[len(names) - len(defaults) :], defaults, strict=True):
            local[name] = self.value(default, {})
        positional = dict(zip(names, given, strict=False))
        wrong = words.keys() - names or words.keys() & positional.keys()
        local |= positional | words
        missing = [name for name in names if name not in local]
        if wrong or missing or len(given) > len(names):
            word = next(iter([*sorted(wrong), *missing]), "more arguments than it has")
            raise refusal(call, f"calls {function.name}() with, or without, {word:.60}")
        return local


def _name(target: ast.expr) -> str:
    if not isinstance(target, ast.Name):
        raise refusal(target, f"sets {code(target)}")
    return target.id
