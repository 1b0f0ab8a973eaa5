"""A process that is kept apart: no network, no other files, limited in all.

On Linux it lives in bubblewrap. Without it, `isolated=False` must be asked for.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tools.course.grading import limits
from tools.course.grading.system_calls import memory_filter
from tools.course.workers import end_with_parent

DISK = 50 * 1024**2
PROCESSES, FILES = 64, 64  # each open file may be a buffer in the kernel
SECONDS = 600  # of the processor, for a process that the grader has lost
STANDARD = Path(sysconfig.get_path("stdlib")).resolve()
LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")


class SandboxError(Exception):
    """There is no sandbox on this machine."""


def require() -> None:
    """Raise where submissions could not be kept apart from this machine."""
    if not shutil.which("bwrap"):
        raise SandboxError(
            "bubblewrap is missing: install the package `bubblewrap`, or pass "
            "--no-sandbox to run submissions with your own rights"
        )
    # It may be there and yet not be allowed to work, as in many containers.
    with tempfile.TemporaryDirectory() as folder, filter_pipe() as pipe:
        trial = subprocess.run(
            bubblewrap([python(), "-I", "-S", "-c", ""], Path(folder), pipe),
            pass_fds=pipe,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if trial.returncode:
        raise SandboxError(
            f"bubblewrap does not work here ({trial.stderr.strip()}); "
            "--no-sandbox runs submissions with your own rights"
        )


def start(library: Path, scratch: Path, isolated: bool) -> tuple[subprocess.Popen[bytes], int, int]:
    """Start the process; return it, and the pipes to and from it.

    `scratch` is where it finds itself without a sandbox; within, that is an empty /tmp.
    """
    request_read, request_write = os.pipe()
    answer_read, answer_write = os.pipe()
    command = inner(request_read, answer_write, library)
    with filter_pipe() as pipe:
        process = subprocess.Popen(
            bubblewrap(command, library, pipe) if isolated else command,
            cwd=scratch,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(request_read, answer_write, *pipe),
            env=environment(),
            start_new_session=True,
            preexec_fn=limit,
        )
    os.close(request_read)
    os.close(answer_write)
    os.set_blocking(request_write, False)
    return process, request_write, answer_read


@contextlib.contextmanager
def filter_pipe() -> Iterator[tuple[int, ...]]:
    """The pipe from which bubblewrap reads the filter of system calls, where there is one."""
    if (program := memory_filter()) is None:
        yield ()
        return
    read, write = os.pipe()
    os.write(write, program)
    os.close(write)
    try:
        yield (read,)
    finally:
        os.close(read)


def inner(requests: int, answers: int, library: Path) -> list[str]:
    """The command inside: a Python that sees its own library, the student's, and NumPy."""
    path = [str(library), str(Path(np.__file__).parents[1])]
    code = f"import sys; sys.path[:0] = {path!r}; from runner import process; process.main()"
    return [python(), "-I", "-S", "-c", code, str(requests), str(answers), str(PROCESSES)]


def python() -> str:
    return os.path.realpath(sys.executable)


def environment() -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def bubblewrap(command: list[str], library: Path, pipe: tuple[int, ...] = ()) -> list[str]:
    """The command, with nothing in sight but Python, NumPy and an empty folder for files."""
    # Started by root, bubblewrap would leave root's capabilities: enough to undo all that follows.
    # A namespace made within would give them back.
    arguments = [
        "bwrap",
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--new-session",
        "--clearenv",
    ]
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", str(DISK), "--tmpfs", "/tmp"]
    prefix = Path(sys.base_prefix)
    folders = dict.fromkeys(Path(one) for one in (*LIBRARIES, prefix / "lib", prefix / "lib64"))
    for folder in folders:
        if folder.is_symlink():  # followed, it would be a second door to the same folder
            arguments += ["--symlink", os.readlink(folder), str(folder)]
        elif folder.is_dir():
            arguments += read_only(folder)
    # Where other packages lie, one of them may hold the answers.
    hidden = [
        str(packages)
        for folder in folders
        if folder.is_dir() and not folder.is_symlink()
        for packages in folders_of_packages(folder)
    ]
    for packages in hidden:
        arguments += ["--tmpfs", packages]
    for numpy in (Path(np.__file__).parent, Path(np.__file__).parents[1] / "numpy.libs"):
        if numpy.is_dir():
            arguments += read_only(numpy)
    arguments += [*read_only(Path(python())), *read_only(library)]
    # What stays writable is memory that no limit counts: all but /tmp, whose size is bounded.
    for writable in (*hidden, "/dev", "/"):
        arguments += ["--remount-ro", writable]
    for descriptor in pipe:
        arguments += ["--seccomp", str(descriptor)]
    return [*arguments, "--chdir", "/tmp", *command]


@functools.cache
def folders_of_packages(folder: Path) -> list[Path]:
    """Every folder that holds Python packages, but for Python's own library."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or not path.is_dir():
            continue
        if path.name.endswith("-packages"):
            found.append(path)
        elif any(one.is_relative_to(path) for one in needed()) or STANDARD in (path, *path.parents):
            found += folders_of_packages(path)
        elif _holds_packages(path):
            found.append(path)
    return found


def _holds_packages(folder: Path) -> bool:
    return any(
        "__init__.py" in files or any(name.endswith("-packages") for name in names)
        for _, names, files in os.walk(folder)
    )


@functools.cache
def needed() -> list[Path]:
    """Python's own library, and where the libraries lie that this process has loaded."""
    loaded = re.findall(r"(/\S+)/[^/\s]+\.so[.\d]*$", Path("/proc/self/maps").read_text(), re.M)
    return [STANDARD, *map(Path, set(loaded))]


def read_only(path: Path) -> list[str]:
    return ["--ro-bind", str(path), str(path)]


def limit() -> None:
    """Limits that the process and all its children inherit.

    The number of processes is limited inside: out here it would count those of the teacher too.
    """
    end_with_parent()
    for what, most in [
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_FSIZE, DISK),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
    ]:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
