"""Run a program that is told to stop (SIGTERM) when the process that started it dies, even by ``kill -9``.

    python leash.py PARENT_PID PROGRAM ARGUMENT ...

It becomes that program; Linux remembers the wish (prctl, PR_SET_PDEATHSIG) across exec. A program of its own, because
code between fork and exec may not run safely in a process that has threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Ask for the signal, make sure that the parent has not died before, and become the program."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):
        sys.exit(f"the process {sys.argv[1]} that wanted {sys.argv[2]} is gone")
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - a fixed program of the launcher


if __name__ == "__main__":
    main()
