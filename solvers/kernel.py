"""Kernels that may use other files: `njit` with a cache that notices.

numba keeps a compiled kernel until the file of that kernel changes. What it takes from
other files is compiled into it and may then be out of date. A `kernel` also counts as
changed when a file changes from which its own file takes kernels, and so on, and when
a number, a table or the fields of a named tuple that its file imports change.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numba import njit, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.dispatcher import Dispatcher


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function with numba, cached on disk, and run it without the GIL.

    So kernels may be called from several threads at once, on arrays of their own.
    """
    return _compiled(function, counts_references=True)


def lean_kernel(function: Callable[..., Any]) -> Any:
    """Compile a `kernel` that makes no arrays: nobody counts who still uses one.

    It takes less time to compile. Whatever makes an array in it, also ``array.max()``,
    is refused when it is compiled.
    """
    return _compiled(function, counts_references=False)


def _compiled(function: Callable[..., Any], *, counts_references: bool) -> Any:
    """Compile; the cache notices changes in what is taken from other files."""
    # Stated always: otherwise a kernel has it from the kernel that calls it first. No
    # kernel is called through a pointer, which would need a wrapper of its own.
    options: dict[str, Any] = {"_nrt": counts_references, "no_cfunc_wrapper": True}
    compiled: Any = njit(cache=True, nogil=True, **options)(function)
    if isinstance(compiled, Dispatcher):  # a plain function where JIT is switched off
        taken = {
            _stamp(name, value)
            for name, value in function.__globals__.items()
            if getattr(value, "__module__", "") != function.__module__
        }
        file = _cache_file(compiled)
        file._source_stamp = (file._source_stamp, tuple(sorted(taken)))
        file._load_index = partial(_load_index, file._load_index)
        _let_others_take_parts(compiled, options)
    return compiled


def _let_others_take_parts(compiled: Any, options: dict[str, Any]) -> None:
    """Give kernels that call a kernel a version of it that they alone make ready."""
    options |= {"no_cpython_wrapper": True, "pipeline_class": _PartCompiler}
    part: Any = njit(nogil=True, **options)(compiled.py_func)

    def call(args: Any, kws: Any) -> Any:
        # A number in the text of a kernel is an integer like any other: a version for
        # each would have to be compiled.
        args = tuple(types.unliteral(one) for one in args)
        kws = {name: types.unliteral(one) for name, one in kws.items()}
        return part.get_call_template(args, kws)

    compiled.get_call_template = call
    compiled.get_overload = part.get_overload


class _PartCompiler(Compiler):
    """Compile a kernel as a part of those that call it."""

    def define_pipelines(self) -> Any:
        state = self.state
        name = state.func_id.func_qualname
        state.library = _Part(state.targetctx.codegen(), name)
        return super().define_pipelines()


class _Part(JITCodeLibrary):
    """Code that is linked into other code, and optimised and made ready to run there.

    numba would optimise and translate a kernel by itself, and once more in each kernel
    that calls it, and so on upwards. That took a quarter of the time of compiling.
    """

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> Any:
        return _NO_ENGINE


class _NoEngine:
    """What numba finds where it would set up a part that can be run."""

    def set_env(self, name: str, env: Any) -> None:
        pass


_NO_ENGINE = _NoEngine()


def _load_index(load: Callable[[], dict[Any, str]]) -> dict[Any, str]:
    """Load what a cache holds: nothing, if it names a class that is there no more."""
    try:
        return load()
    except (AttributeError, ImportError):
        return {}


def _stamp(name: str, value: Any) -> str:
    """Text that changes when what a kernel takes under a name changes."""
    if isinstance(value, Dispatcher):
        return f"{name} {_cache_file(value)._source_stamp}"
    if isinstance(value, int | float | np.generic):
        return f"{name} {value!r}"
    if isinstance(value, np.ndarray):
        return f"{name} {value.dtype} {value.tobytes().hex()}"
    if isinstance(value, type) and issubclass(value, tuple):
        return f"{name} {getattr(value, '_fields', ())}"
    return ""


def _cache_file(dispatcher: Any) -> Any:
    return dispatcher._cache._cache_file
