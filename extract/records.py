"""Frozen records that cost as little to make as ones that can be changed.

In: a `@dataclass(frozen=True, slots=True)`. Out: the same class with another `__init__`. A frozen dataclass sets each
field through `object.__setattr__`, which takes ten times as long as a plain assignment; a report is some ten thousand
records. Here the fields of a new record are assigned while it still belongs to a class of the same slots that is not
frozen; then it is given its own class, and nothing can change it any more.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def quick(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots and without `__post_init__`, made quick to make. Raises TypeError for others."""
    own = fields(cls)  # type: ignore[arg-type]
    slots: tuple[str, ...] = getattr(cls, "__slots__", ())
    if slots != tuple(f.name for f in own) or hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} is no dataclass of slots alone")
    if any(f.default_factory is not MISSING or f.kw_only for f in own):
        raise TypeError(f"{cls.__name__} has a field that is not given by place or by a constant")
    open_class = type(f"_Open{cls.__name__}", (), {"__slots__": slots})
    names = {f"_default_{f.name}": f.default for f in own if f.default is not MISSING}
    arguments = [f.name if f.default is MISSING else f"{f.name}=_default_{f.name}" for f in own]
    lines = [
        f"def __init__(self, {', '.join(arguments)}):",
        "    _set(self, '__class__', _open)",
        *(f"    self.{f.name} = {f.name}" for f in own),
        "    self.__class__ = _frozen",
    ]
    known: dict[str, Any] = {"_set": object.__setattr__, "_open": open_class, "_frozen": cls, **names}
    exec("\n".join(lines), known)  # noqa: S102 - as `dataclasses` makes its own
    made = known["__init__"]
    made.__qualname__, made.__annotations__ = f"{cls.__qualname__}.__init__", cls.__init__.__annotations__
    cls.__init__ = made  # type: ignore[method-assign]
    return cls
