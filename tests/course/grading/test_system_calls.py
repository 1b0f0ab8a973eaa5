"""The filter of system calls, run here as the kernel would."""

import errno
import struct

import pytest

from tools.course.grading import system_calls

X86, ARM = 0xC000003E, 0xC00000B7
ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | errno.EPERM


def verdict(machine, architecture, call, argument=0):
    """What the filter says of a call."""
    words = list(struct.iter_unpack("<HBBI", system_calls.memory_filter(machine)))
    fields, value, at = {0: call, 4: architecture, 16: argument}, 0, 0
    while True:
        code, yes, no, k = words[at]
        at += 1
        if code == system_calls.RETURN:
            return k
        if code == system_calls.LOAD:
            value = fields[k]
        else:
            holds = value >= k if code == system_calls.IS_AT_LEAST else value == k
            at += yes if holds else no


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", X86), ("aarch64", ARM)])
def test_what_holds_memory_unseen_is_refused_and_nothing_else(machine, architecture):
    _, socket, refused = system_calls.NUMBERS[machine]
    for call in range(0, 460):
        expected = REFUSED if call in (*refused, socket) else ALLOWED
        assert verdict(machine, architecture, call) == expected, call
    assert verdict(machine, architecture, socket, system_calls.AF_UNIX) == ALLOWED


def test_other_tables_of_calls_are_no_way_around():
    assert verdict("x86_64", 0x40000003, 9) == REFUSED
    assert verdict("x86_64", X86, 0x40000000 | 9) == REFUSED


def test_a_machine_that_is_not_known_has_no_filter():
    assert system_calls.memory_filter("riscv64") is None
