"""One page for the teacher: what the class can do, what it mistook, and what to teach again.

No student is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from softmax_lib.misconceptions import CATALOGUE
from tools.course.assignments import Assignment
from tools.course.grading.result import Result
from tools.course.reports.pages import TEMPLATES, section_of
from tools.course.reports.tables import Read

MOST_SECTIONS, MOST_MISTAKES = 3, 12


def report_html(
    assignment: Assignment,
    results: Mapping[str, Result],
    read: Read,
    seconds: float,
    by_hand: bool = False,
) -> str:
    """The page of a class.

    `seconds` is how long this run took, `by_hand` whether a seed was given in place of the secret.
    """
    graded = [result for result in results.values() if "file" not in result.errors]
    return TEMPLATES.get_template("report.html.jinja").render(
        title=f"{assignment.name}: the class",
        count=len(results),
        graded=len(graded),
        mean=sum(result.score for result in graded) / max(len(graded), 1),
        most=assignment.auto_max,
        questions=[_question(question, graded) for question in assignment.questions],
        mistakes=_mistakes(assignment, graded)[:MOST_MISTAKES],
        sections=_sections(assignment, graded)[:MOST_SECTIONS],
        unread=_unread(assignment, results, read),
        flags=sorted(Counter(flag for one in results.values() for flag in one.flags).items()),
        seconds=seconds,
        by_hand=by_hand,
        each=sum(result.seconds for result in results.values()) / max(len(results), 1),
    )


def _question(question: Any, graded: list[Result]) -> dict[str, Any]:
    """How many have all of its points, a part of them, and none."""
    scores = [result.scores[question.id] for result in graded]
    full = sum(score == question.points for score in scores)
    none = sum(score == 0 for score in scores)
    counts = {"all": full, "part": len(scores) - full - none, "none": none}
    return {
        "name": f"{question.id}: {question.function}",
        "points": question.points,
        "counts": counts,
        "shares": {name: 100 * count / max(len(scores), 1) for name, count in counts.items()},
    }


def _lost(assignment: Assignment, graded: list[Result]) -> dict[str, tuple[int, float]]:
    """For each mistake how many made it, and the points that they lost."""
    points = {question.id: question.points for question in assignment.questions}
    found: dict[str, list[float]] = defaultdict(list)
    for result in graded:
        for question, mistake in result.mistakes.items():
            if (lost := points[question] - result.scores[question]) and mistake in CATALOGUE:
                found[mistake].append(lost)
    return {mistake: (len(lost), sum(lost)) for mistake, lost in found.items()}


def _mistakes(assignment: Assignment, graded: list[Result]) -> list[dict[str, Any]]:
    ordered = sorted(_lost(assignment, graded).items(), key=lambda one: (-one[1][0], one[0]))
    return [
        {
            "count": count,
            "function": CATALOGUE[id].kind,
            "title": CATALOGUE[id].title,
            "section": section_of(id),
        }
        for id, (count, _) in ordered
    ]


def _sections(assignment: Assignment, graded: list[Result]) -> list[dict[str, Any]]:
    """The sections that would have saved the most points."""
    points: dict[Any, float] = defaultdict(float)
    for id, (_, lost) in _lost(assignment, graded).items():
        points[section_of(id)] += lost
    ordered = sorted(points.items(), key=lambda one: (-one[1], str(one[0])))
    return [{"section": section, "points": lost} for section, lost in ordered]


def _unread(assignment: Assignment, results: Mapping[str, Result], read: Read) -> int:
    return sum(
        bool(result.answers.get(question.id)) and not read.get((student, question.id), ("", ""))[0]
        for student, result in results.items()
        for question in assignment.free_text
    )
