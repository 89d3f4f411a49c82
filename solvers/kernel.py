"""Kernels that may call kernels of other files: `njit` with a cache that notices.

numba keeps a compiled kernel until the file of that kernel changes. What it calls in
other files is compiled into it and may then be out of date. A `kernel` also counts as
changed when a file changes from which its own file takes kernels, and so on.
"""

from collections.abc import Callable
from typing import Any

from numba import njit
from numba.core.dispatcher import Dispatcher


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function with numba, cached on disk, and run it without the GIL.

    So kernels may be called from several threads at once, on arrays of their own.
    """
    compiled: Any = njit(cache=True, nogil=True)(function)
    if isinstance(compiled, Dispatcher):  # a plain function where JIT is switched off
        taken = {
            _cache_file(value)._source_stamp
            for value in function.__globals__.values()
            if isinstance(value, Dispatcher)
            and value.py_func.__module__ != function.__module__
        }
        file = _cache_file(compiled)
        file._source_stamp = (file._source_stamp, tuple(sorted(taken, key=repr)))
    return compiled


def _cache_file(dispatcher: Any) -> Any:
    return dispatcher._cache._cache_file
