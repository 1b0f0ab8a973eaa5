"""A filter of system calls: what would hold memory that no count of mapped pages sees.

Without it a submission keeps gigabytes in files without a name, in queues, or in the kernel.
"""

from __future__ import annotations

import errno
import platform
import struct

# By machine: the kernel's name of the architecture, the number of `socket`, and of those refused:
# memfd_create, memfd_secret, shmget, msgget, semget, mq_open, io_uring_setup, userfaultfd, bpf,
# perf_event_open, add_key, request_key, keyctl.
NUMBERS = {
    "x86_64": (
        0xC000003E,
        41,
        (319, 447, 29, 68, 64, 240, 425, 323, 321, 298, 248, 249, 250),
    ),
    "aarch64": (
        0xC00000B7,
        198,
        (279, 447, 194, 186, 190, 180, 425, 282, 280, 241, 217, 218, 219),
    ),
}
# The words of a filter: load a field of the call, compare it and jump, and end.
LOAD, IS, IS_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
CALL, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
OTHER_TABLE = 0x40000000  # of x86's x32: the same calls under other numbers
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
AF_UNIX = 1


def memory_filter(machine: str = "") -> bytes | None:
    """The filter as bubblewrap takes it; None for a machine whose numbers are not known."""
    known = NUMBERS.get(machine or platform.machine())
    if known is None:
        return None
    architecture, socket, refused = known
    words = [
        (LOAD, 0, 0, ARCHITECTURE),
        (IS, 1, 0, architecture),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, CALL),
        (IS_AT_LEAST, 0, 1, OTHER_TABLE),
        (RETURN, 0, 0, REFUSE),
    ]
    for number in refused:
        words += [(IS, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    # A socket of the network buffers megabytes, and there is no network.
    words += [
        (IS, 0, 3, socket),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (IS, 1, 0, AF_UNIX),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *word) for word in words)
