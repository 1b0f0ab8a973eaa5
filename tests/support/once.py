"""What several processes of a test run need, made by the first that comes to it."""

import fcntl
import os


def made_once(tmp_path_factory, name, make):
    """Return a folder of this run that `make` has filled."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            folder.mkdir()
            make(folder)
    return folder
