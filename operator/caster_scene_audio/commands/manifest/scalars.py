"""A plain word of YAML as kubectl reads it: by the rules of YAML 1.1, with few exceptions.

Numbers of another base are the exception that hurts: `0120` is octal, 80.
Source: the resolver of gopkg.in/yaml.v2, which sigs.k8s.io/yaml is made of.
"""

import math
import re

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
_SPECIAL = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_OTHER_BASE = re.compile(r"([-+]?)0(x[0-9a-fA-F]+|b[01]+|o?[0-7]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DIGITS = 400
"""A number with more is beyond every limit, and slow to read."""


def value_of(word: str) -> bool | int | float | str | None:
    if word in _NULL:
        return None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    return _SPECIAL[word] if word in _SPECIAL else _number_or_text(word)


def is_octal(word: str) -> bool:
    """Whether a number is read in base 8, which who writes `0120` doesn't mean."""
    return bool(re.fullmatch(r"[-+]?0[0-7]+", word.replace("_", ""))) and word.strip("+-0_") != ""


def _number_or_text(word: str) -> int | float | str:
    digits = word.replace("_", "")
    if len(digits) > _DIGITS:
        return word
    if _INTEGER.fullmatch(digits):
        return int(digits)
    if other := _OTHER_BASE.fullmatch(digits):
        sign, rest = other.groups()
        base = {"x": 16, "b": 2}.get(rest[0], 8)
        return int(sign + rest.lstrip("xbo"), base)
    return float(digits) if _FLOAT.fullmatch(digits) else word
