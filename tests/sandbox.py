"""Run a program under the limits of the systemd unit that a process can set for itself.

    python -m tests.sandbox CALLS PROGRAM [ARGUMENT]...

The file CALLS has the names of the system calls it may make. Any other ends it at once, where the unit would let it go on with an
error: so one that's only needed now and then is noticed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
import sys
from pathlib import Path

import pyseccomp

_MDWE, _NO_NEW_PRIVILEGES = 65, 38
_FAMILIES = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
"""As in the unit's RestrictAddressFamilies."""
_MAX_FAMILY = 46
_DISPENSABLE = ("mbind",)
"""Calls that the unit refuses and nobody misses: OpenBLAS says which processor its memory should be near."""
_AS_ROOT = ("fchown",)
"""Calls SQLite makes only as root, which the unit's user isn't."""


def main() -> None:
    """Give up the rights, then become the program."""
    calls, *program = sys.argv[1:]
    libc = ctypes.CDLL(None)
    libc.prctl(_MDWE, 1, 0, 0, 0)  # MemoryDenyWriteExecute, if the kernel is new enough
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    os.umask(0o077)
    _filter(Path(calls).read_text(encoding="utf-8").split()).load()
    os.execv(program[0], program)  # noqa: S606  the caller's own program


def _filter(calls: list[str]) -> pyseccomp.SyscallFilter:
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.KILL_PROCESS)
    for call in (*calls, *(_AS_ROOT if os.geteuid() == 0 else ())):
        if call != "socket" and _exists(call):
            rules.add_rule(pyseccomp.ALLOW, call)
    for call in _DISPENSABLE:
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), call)
    for family in range(_MAX_FAMILY):
        action = pyseccomp.ALLOW if family in _FAMILIES else pyseccomp.ERRNO(errno.EAFNOSUPPORT)
        rules.add_rule(action, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    return rules


def _exists(call: str) -> bool:
    """Tell whether this processor's kernel has a system call. systemd's lists have those of all of them."""
    try:
        return int(pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, call)) >= 0
    except ValueError:
        return False


if __name__ == "__main__":
    main()
