"""What a process and all that it started take: limits bind each process, a class needs the sum."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

PROC = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")
PARENT, RESIDENT = 1, 21  # fields of /proc/PID/stat, counted after the name in brackets


def taken(root: int) -> tuple[int, int]:
    """Processes below `root`, and the bytes of memory that they hold; (0, 0) without /proc."""
    children, memory = defaultdict(list), {}
    for entry in os.scandir(PROC) if PROC.is_dir() else ():
        if entry.name.isdecimal() and (fields := _stat(entry.name)):
            children[int(fields[PARENT])].append(int(entry.name))
            memory[int(entry.name)] = int(fields[RESIDENT]) * PAGE
    below, waiting = 0, list(children[root])
    total = 0
    while waiting:
        process = waiting.pop()
        below, total = below + 1, total + memory[process]
        waiting += children[process]
    return below, total


def _stat(process: str) -> list[str]:
    try:
        return (PROC / process / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return []
