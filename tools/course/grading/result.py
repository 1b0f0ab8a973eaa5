"""What a submission earns, and what a teacher should know."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from tools.course.assignments import Assignment


@dataclass
class Result:
    """Points, verdicts and answers by question; errors by cell."""

    scores: dict[str, float]
    verdicts: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)  # free text
    errors: dict[str, str] = field(default_factory=dict)  # cells that failed
    flags: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)  # commands that were not run, by cell
    notes: dict[str, str] = field(default_factory=dict)  # where free text was found, by question
    mistakes: dict[str, str] = field(default_factory=dict)  # of the catalogue, by question
    seconds: float = 0.0  # that grading took
    changed: list[str] = field(default_factory=list)  # cells that are not as they were handed out
    file: str = ""  # the notebook that was graded
    others: list[str] = field(default_factory=list)  # what else was handed in
    number: int | None = 0  # the student's own, as the notebook has it; None where it is none
    numbers: dict[str, str] = field(default_factory=dict)  # of the own run, by written question
    code: str = ""  # of the student's own cells
    hidden: dict[str, str] = field(default_factory=dict)  # what failed unseen, by question
    forms: dict[str, list[str]] = field(default_factory=dict)  # of the code, by question

    @property
    def score(self) -> float:
        return sum(self.scores.values())

    def as_record(self) -> dict[str, Any]:
        """The result as JSON can write it."""
        return {**dataclasses.asdict(self), "flags": sorted(self.flags)}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Result:
        return cls(**{**record, "flags": set(record["flags"])})


def nothing(assignment: Assignment, flag: str, reason: str) -> Result:
    """The result of a submission of which nothing can be run."""
    scores = {question.id: 0.0 for question in assignment.questions}
    return Result(scores, errors={"file": reason}, flags={flag})
