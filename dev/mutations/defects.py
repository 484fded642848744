"""Where a small defect can be put, and how."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SAID_ONLY = ("log.", "self._measures.", "measures.", "self._traces.")
"""Calls that tell and change nothing: their loss is no wrong call."""


@dataclass(frozen=True, kw_only=True)
class Defect:
    """One place in a file, by its number in the order of `ast.walk`."""

    file: Path
    line: int
    number: int
    kind: str

    @override
    def __str__(self) -> str:
        return f"{self.file.stem} {self.line} {self.kind}"

    def put(self) -> str:
        """The file's text with the defect in it."""
        tree = ast.parse(self.file.read_text(encoding="utf-8"))
        node = list(ast.walk(tree))[self.number]
        return ast.unparse(ast.fix_missing_locations(_Spoiler(node).visit(tree)))


def defects_of(file: Path) -> Iterator[Defect]:
    """A comparison flipped, `and` for `or`, a `not` or an `if` left out, a call not made."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        if kind := _kind(node):
            line: int = getattr(node, "lineno", 0)
            yield Defect(file=file, line=line, number=number, kind=kind)


def _kind(node: ast.AST) -> str:
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in FLIPPED:
            return "comparison"
        case ast.BoolOp():
            return "and/or"
        case ast.UnaryOp(op=ast.Not()):
            return "not"
        case ast.If():
            return "if"
        case ast.Expr(value=ast.Call()) if not ast.unparse(node).startswith(SAID_ONLY):
            return "call"
        case _:
            return ""


class _Spoiler(ast.NodeTransformer):
    def __init__(self, target: ast.AST) -> None:
        self._target = target

    @override
    def visit(self, node: ast.AST) -> ast.AST:
        spoilt = self.generic_visit(node)
        return _spoilt(spoilt) if node is self._target else spoilt


def _spoilt(node: ast.AST) -> ast.AST:
    match node:
        case ast.Compare():
            node.ops[0] = FLIPPED[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        case ast.UnaryOp():
            return node.operand
        case ast.If():
            node.test = ast.Constant(value=False)
        case ast.Expr():
            node.value = ast.Constant(value=None)
        case _:
            raise AssertionError(f"no defect can be put into {node}")
    return node
