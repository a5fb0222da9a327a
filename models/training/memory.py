"""Keeps freed memory for reuse.

Attention over long rows takes and frees tens of megabytes at a time. glibc maps and unmaps such pieces anew each time, and the
kernel fills every page with zeros: on two cores that was half of the time of a training step. The settings are read when
a process begins, so it begins again with them.
"""

import os
import sys

SETTINGS = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": str(16 << 30),
    "MALLOC_TOP_PAD_": str(256 << 20),
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
"""Of glibc's allocator (its manual, "Memory Allocation Tunables"); whatever the user has set stays."""


def keep_memory(module: str) -> None:
    """Replaces this process, which runs `python -m module`, by the same with the settings. Does nothing where they are set, nor on another system than Linux."""
    missing = {name: value for name, value in SETTINGS.items() if name not in os.environ}
    if sys.platform == "linux" and missing:
        os.execve(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]], {**os.environ, **missing})
