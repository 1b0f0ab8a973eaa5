"""The command line of `diagnose`: ``python -m softmax_lib.misconceptions FILE.py [NAME ...]``."""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .judge import LAYOUTS

RIGHT, WRONG, NOT_JUDGED = 0, 1, 2

DESCRIPTION = """\
Judge the functions of a Python file, and name the mistakes in them.

The file is imported in a process of its own, as "python FILE.py" would run it: this is no sandbox.
Code under `if __name__ == "__main__"` does not run.
"""

EPILOG = """\
exit status: 0, all are right; 1, one is not right; 2, something could not be judged: no such file
or name, a file that cannot be imported, a function of no known kind, or one that takes too long
"""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m softmax_lib.misconceptions",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("file", metavar="FILE.py", type=Path)
    made.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help="a function, or Class.method; without any: every public function of the file whose "
        "name tells its kind",
    )
    made.add_argument("--kind", help="what the NAMEs are, such as cross_entropy_from_probs")
    made.add_argument("--layout", choices=LAYOUTS, default="rows", help="how examples lie")
    made.add_argument("--json", action="store_true", help="print JSON, for programs")
    made.add_argument(
        "--seconds",
        type=float,
        default=20,
        help="what the import, and then each function, may take (default: %(default)s)",
    )
    return made


def report_on(
    file: Path, names: list[str], options: dict[str, str | None], seconds: float
) -> dict[str, Any]:
    """The verdicts, what was not judged and why, and what stopped it all, if anything did."""
    report: dict[str, Any] = {"file": str(file), "verdicts": [], "not_judged": [], "error": None}
    if not file.is_file():
        report["error"] = f"there is no file {file}"
        return report
    if file.suffix == ".ipynb":
        report["error"] = f"{file} is a notebook: call diagnose(function) in it"
        return report
    request = {"file": str(file.resolve()), "names": names, "options": options}
    at = "import"
    for line in _lines_from_its_own_process(request, seconds):
        at = line.get("at", at)
        if "error" in line:
            report["error"] = line["error"]
        elif "reason" in line:
            report["not_judged"].append(line)
        elif "message" in line:
            report["verdicts"].append(line)
        elif "ended" in line and at != "end":
            what = "it was imported" if at == "import" else f"{at} was judged"
            report["error"] = f"{file.name} {line['ended']} while {what}"
    if not (report["verdicts"] or report["not_judged"] or report["error"]):
        report["error"] = f"{file.name} defines no public function"
    return report


def _lines_from_its_own_process(request: dict[str, Any], seconds: float) -> Any:
    """What the process tells, line by line; it is killed at the end, or if nothing comes."""
    # A session of its own: a file that kills its group does not reach this process.
    process = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.judge_file", json.dumps(request)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    told: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                told.put(line)
        told.put("")

    threading.Thread(target=listen, daemon=True).start()
    try:
        while line := told.get(timeout=seconds):
            data = json.loads(line)
            yield data
            if "error" in data or data.get("at") == "end":
                return
        yield {"ended": f"ended Python ({_exit_in_words(process.wait(timeout=seconds))})"}
    except (queue.Empty, subprocess.TimeoutExpired):
        yield {"ended": f"did not come back within {seconds:g} seconds"}
    finally:
        process.kill()
        process.wait()


def _exit_in_words(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"signal {-status}"


def exit_status(report: dict[str, Any], names: list[str]) -> int:
    verdicts = report["verdicts"]
    slow = any(verdict["id"] == "slow" for verdict in verdicts)
    if report["error"] or not verdicts or (names and report["not_judged"]) or slow:
        return NOT_JUDGED
    return RIGHT if all(verdict["ok"] for verdict in verdicts) else WRONG


def show(report: dict[str, Any], names: list[str]) -> None:
    for verdict in report["verdicts"]:
        print(verdict["message"], end="\n\n")
    left_out = report["not_judged"]
    if names:
        for one in left_out:
            print(f"{one['name']}: not judged: {one['reason']}", file=sys.stderr)
    elif left_out:
        listed = ", ".join(one["name"] for one in left_out)
        print(f"Not judged, for no name tells its kind (name one, with --kind): {listed}")
    if report["error"]:
        print(f"Not judged: {report['error']}", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    command = parser()
    given = command.parse_args(arguments)
    if given.kind and not given.names:
        command.error("--kind needs a NAME: which function is of this kind?")
    if not given.seconds > 0:
        command.error(f"--seconds must be greater than 0; got {given.seconds:g}")
    options = {"kind": given.kind, "layout": given.layout}
    report = report_on(given.file, given.names, options, given.seconds)
    if given.json:
        print(json.dumps(report, indent=2))
    else:
        show(report, given.names)
    return exit_status(report, given.names)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):  # a console that cannot show a sign shows a ?
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
