"""Is a function right, in its form or in another one, and if not, what is wrong with it?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from .._core.validate import as_choice
from . import attempts, calling, hints, isolation, verdict
from .adapted import adapted, how_adapted
from .answers import Answers, ProbeSet, as_numbers, probe_set_of
from .attempts import Attempt
from .clock import Clock
from .evidence import show
from .forms import Form, in_sequence, named_results, without_the_rest
from .kinds import KINDS, Kind
from .layouts import LAYOUTS, OTHER_LAYOUTS
from .matching import Match, has_several, match, share_explained, with_the_same_side_effect
from .verdict import Diagnosis, Title
from .which_kind import Question, as_kind, name_of, parameters_of, question_of

MOSTLY = 0.5  # right, or known, on more than this share of the inputs: it has found its form
NEARLY = 0.7  # right on more than this share in another layout: it may be meant so
ASKED_TWICE = 4  # inputs, to see whether it answers them in the same way
ONE_BY_ONE = 8  # examples that are given alone to a function that is right
IN_PLACE = (
    "It works in place: what it is given holds the right answer afterwards, the start is gone, "
    "and nothing is returned. Make new arrays, as W = W - ..., and return them."
)
BESIDE = (
    "{0} are right, and come with something besides, which is not judged here. Return {0} alone."
)
TRANSPOSED = "It is right, and transposed: its rows come as columns. End it with .T"
GRADIENTS = {"grads", "gradients", "grad", "gradient"}
DATA = {"X", "x", "X_batch", "xb", "inputs", "data", "features"}
SAME_ARRAY = (
    "it gives the same array at every call, so that the next call changes an answer that you have. "
    "Return a new one."
)
# What a loss is returned with, and the other way round.
PARTNERS = {
    "cross_entropy": "logits_gradient",
    "cross_entropy_from_probs": "logits_gradient_from_probs",
    "logits_gradient": "cross_entropy",
    "logits_gradient_from_probs": "cross_entropy_from_probs",
}


def diagnose(function: Callable, kind: str | None, layout: str) -> Diagnosis:
    """Judge a function as each kind that it may be, and in each form that it may have."""
    if not callable(function):
        method = next((m for m in ("forward", "predict") if callable(getattr(function, m, 0))), "")
        advice = ". Pass the function itself, as in diagnose(softmax)"
        advice = f". Pass its method: layer.{method}" if method else advice
        raise TypeError(f"function must be callable; got {type(function).__name__}{advice}")
    as_choice(layout, "layout", LAYOUTS)
    if not inspect.isclass(function):
        function = adapted(function, kind)
    question = question_of(function, kind)
    name = name_of(function) or question.kinds[0].name
    if text := _needs_an_object(function, name):
        return verdict.unjudged(question.kinds[0].name, Title(name), text, hints.SHAPES)
    if text := _lacks_the_data(function, question):
        return verdict.unjudged(question.kinds[0].name, Title(name), text, hints.DESCENT)
    with isolation.own_turn():
        return Case(function, question, layout).verdict()


def examine(function: Callable, kind: str, layout: str, seed: int, dtype: DTypeLike) -> Diagnosis:
    """Judge a function as one kind, in the documented form, with inputs of your choice."""
    as_kind(kind)
    as_choice(layout, "layout", LAYOUTS)
    with isolation.own_turn():
        return judge(function, kind, layout=layout, seed=seed, dtype=dtype)


def judge(
    function: Callable,
    kind: str,
    *,
    layout: str = "rows",
    one_hot: bool = False,
    seed: int = 0,
    dtype: DTypeLike = np.float64,
) -> Diagnosis:
    """Judge a function as one kind, in one form, by its answers to inputs that the seed draws."""
    form = Form(layout=layout, one_example=layout == "vector", one_hot=one_hot)
    return Case(function, Question([KINDS[kind]]), layout, form, seed, dtype).verdict()


def _needs_an_object(function: Callable, name: str) -> str:
    """What to pass in place of a class, or of a method that is called without its object."""
    if inspect.isclass(function):
        return f"{name} is a class. Pass an object of it that can be called, or a method of one."
    if next(iter(parameters_of(function)), None) == "self":
        return f"{name} is a method without its object. Make one, and pass its {name}."
    return ""


def _lacks_the_data(function: Callable, question: Question) -> str:
    """What to pass in place of a step by gradients that were computed elsewhere."""
    parameters = parameters_of(function)
    is_step = question.kinds[0].name.startswith("gradient_step")
    if not is_step or GRADIENTS.isdisjoint(parameters) or not DATA.isdisjoint(parameters):
        return ""
    return (
        "It is given the gradients, and all that is left is W - learning_rate * dW. A step from "
        f"the data is judged: {KINDS['gradient_step'].call}."
    )


class Finding(NamedTuple):
    """What came of an attempt."""

    attempt: Attempt
    answers: Answers
    wrong: list[int]
    overwrites: list[int]
    match: Match
    explained: float

    @property
    def first(self) -> int:
        """The first probe that shows it."""
        return (self.wrong or self.overwrites)[0]

    @property
    def counts(self) -> float:
        """How much speaks for its form; a few right answers may be chance."""
        return self.explained if self.match.entries or self.explained > MOSTLY else 0.0

    @property
    def gives_numbers(self) -> bool:
        return any(self.answers[index].parts is not None for index in self.answers.outcomes())


class Case:
    """One function, and how it is judged.

    With a form, that one is accepted and all others are explained.
    """

    def __init__(
        self,
        function: Callable,
        question: Question,
        layout: str,
        form: Form | None = None,
        seed: int = 0,
        dtype: DTypeLike = np.float64,
    ):
        self.function, self.question, self.layout, self.form = function, question, layout, form
        self.parameters = parameters_of(function)
        self.seed, self.dtype = seed, np.dtype(dtype)
        self.clock = Clock()

    def verdict(self) -> Diagnosis:
        """The best that can be said."""
        with calling.in_one_thread():
            return self._verdict()

    def _verdict(self) -> Diagnosis:
        tried = []
        for attempt in self._accepted():
            attempt, answers = self._tried(attempt)
            if self._is_right(answers):
                return self._right(attempt, answers)
            tried.append((attempt, answers))
            if self._must_stop(answers):
                break
        findings = self._weighed(tried)
        ways: list[Callable[[], Diagnosis | None]] = [
            lambda: self._named([one for one in findings if one.match.is_exact]),
            lambda: self._in_another_form(findings),
            lambda: self._named(findings),
            lambda: self._varying(findings[0]),
            lambda: self._named_in_another_form(findings),
            lambda: self._of_another_kind(findings),
        ]
        said = (way() for way in ways)
        best = next((one for one in said if one is not None), None)
        return self._unnamed(findings) if best is None else best

    # --- the attempts --------------------------------------------------------------------------

    def _accepted(self) -> list[Attempt]:
        if self.form is not None:
            return [Attempt(self.question.kinds[0], self.form, True)]
        return list(attempts.accepted(self.parameters, self.question.kinds, self.layout))

    def _explained(self, findings: list[Finding]) -> list[Attempt]:
        kinds = self.question.kinds
        has_answers = any(one.gives_numbers for one in findings)
        others = [
            attempt
            for attempt in attempts.explained(self.parameters, kinds, self.layout)
            if not (attempt.is_last_resort and has_answers)
        ]
        if self.form is None:
            return others
        return [
            attempt._replace(
                accepted=False,
                says=f"It is right {attempt.says}, but it is called as {attempt.kind.call}.",
            )
            for attempt in attempts.accepted(self.parameters, kinds, self.layout)
            if attempt.form != self.form and attempt.says
        ] + others

    def _tried(self, attempt: Attempt) -> tuple[Attempt, Answers]:
        """The answers in a form, which is told from what comes back from the first call."""
        probe_set = self._probe_set(attempt.kind, attempt.form.one_example)
        answers = Answers(self.function, probe_set, attempt.form, self.clock)
        form = _as_it_returns(answers)
        if form == attempt.form:
            return attempt, answers
        says = "as a dict" if form.by_name else IN_PLACE if form.in_place else ""
        is_accepted = attempt.accepted and self.form is None and not form.in_place
        if is_accepted or not form.in_place:
            says = ", ".join(filter(None, (attempt.says, says)))
        return attempt._replace(form=form, accepted=is_accepted, says=says), answers.in_form(form)

    def _probe_set(self, kind: Kind, one_example: bool) -> ProbeSet:
        return probe_set_of(kind, self.seed, self.dtype, one_example)

    def _must_stop(self, answers: Answers) -> bool:
        """Whether the time is up, or the function does not come back."""
        return any(answers.is_over(index) for index in answers.outcomes())

    # --- right ---------------------------------------------------------------------------------

    def _title(self, attempt: Attempt) -> Title:
        name = name_of(self.function) or attempt.kind.name
        is_first = attempt.kind.name == self.question.kinds[0].name
        guessed = attempt.kind if self.question.guessed or not is_first else None
        form = [how_adapted(self.function)]
        form.append(attempt.says if attempt.accepted else "")
        form.append("in a pair" if attempt.form.part is not None else "")
        form.append("without what is beside it" if attempt.form.is_beside else "")
        return Title(name, guessed, ", ".join(filter(None, form)))

    def _is_right(self, answers: Answers) -> bool:
        """Whether nothing is wrong; what works in place leaves its answer in what it was given."""
        if answers.form.in_place:
            return all(answers.is_right(index) for index in range(len(answers)))
        return answers.is_right_everywhere()

    def _right(self, attempt: Attempt, answers: Answers) -> Diagnosis:
        kind, form = attempt.kind, attempt.form
        if form.in_place:
            return self._in_words("form", attempt, answers, 0, IN_PLACE)
        if form.part is not None:
            return self._pair(attempt, answers)
        if form.is_beside:
            whole = answers.in_form(replace(form, by_name=False, is_beside=False))
            text = BESIDE.format(", ".join(kind.results))
            return self._in_words("form", attempt, whole, 0, text)
        if attempt.accepted:
            return verdict.right(self._title(attempt), answers, self._cautions(attempt, answers))
        whole = answers.in_form(replace(form, by_name=False))
        text = f"It is right, but in a dict. Return {', '.join(kind.results)}."
        return self._in_words("form", attempt, whole, 0, text)

    def _cautions(self, attempt: Attempt, answers: Answers) -> list[str]:
        excused = [i for i in range(len(answers)) if not answers.is_right(i)]
        cautions = [attempt.caution] if attempt.caution else []
        cautions += [answers.probe_set.probes[index].caution for index in excused[:1]]
        if answers.are_overwritten():
            cautions.append(SAME_ARRAY)
        if raised := self._raises(answers):
            cautions.append(raised)
        if alone := self._wrong_alone(answers):
            cautions.append(alone)
        return cautions

    def _raises(self, answers: Answers) -> str:
        """Where Python's own arithmetic raises, and NumPy's gives inf or nan."""
        for index, outcome in answers.outcomes().items():
            if outcome.error is not None:
                due = show(answers.probe_set.expected[index][0])
                what = answers.probe_set.probes[index].looks_for
                return f"with {what} it raises {type(outcome.error).__name__}; {due} is due."
        return ""

    def _wrong_alone(self, answers: Answers) -> str:
        """What a function of rows makes of a vector, where it takes one and is wrong."""
        kind, form = answers.kind, answers.form
        if (
            form.one_example
            or len(kind.results) > 1
            or "axis" in kind.arguments
            or not self.clock.has_time_for_more
        ):
            return ""
        probe_set = self._probe_set(kind, True)
        alone = answers.in_form(replace(form, layout="vector", one_example=True), probe_set)
        for index in range(min(len(alone), ONE_BY_ONE)):
            parts = alone[index].parts
            if parts is None or alone.is_right(index) or alone.is_excused(index):
                continue
            gives, due = (show(part) for part in (parts[0], probe_set.expected[index][0]))
            return f"it takes a batch. For one example, as a vector, it gives {gives}, not {due}."
        return ""

    def _pair(self, attempt: Attempt, answers: Answers) -> Diagnosis:
        """One of two things is right: a loss with its gradient, or something besides."""
        partner = KINDS.get(PARTNERS.get(attempt.kind.name, ""))
        assert attempt.form.part is not None
        count = len(in_sequence(answers[0].outcome.value))
        other = 1 - attempt.form.part
        is_pair = count == len(("loss", "gradient")) and attempt.accepted
        if is_pair and partner is not None and not self._is_softmax(answers, other):
            form = replace(attempt.form, part=other)
            probe_set = self._probe_set(partner, form.one_example)
            second = Answers(self.function, probe_set, form, self.clock)
            beside = "loss" if "loss" in partner.results else "gradient"
            says = ", ".join(filter(None, (attempt.says, f"with the {beside} beside it")))
            if second.is_right_everywhere():
                title = self._title(attempt._replace(says=says, form=Form()))
                return verdict.right(title, answers, self._cautions(attempt, answers))
            if second[0].parts is not None:
                title = Title(self._title(attempt).name, None, f"by the {beside} of the pair")
                return self._conclude(self._weigh(Attempt(partner, form, False), second), title)
        whole = answers.in_form(replace(attempt.form, part=None))
        where = "in a pair" if count == len(("loss", "gradient")) else "one of several things"
        text = f"It is right, but {where}. Return the {attempt.kind.results[0]} alone."
        alone = attempt._replace(says="", form=replace(attempt.form, part=None))
        return self._in_words("form", alone, whole, 0, text)

    def _is_softmax(self, answers: Answers, part: int) -> bool:
        value = as_numbers(in_sequence(answers[0].outcome.value)[part])
        return value is not None and value.ndim == 2 and np.allclose(value.sum(axis=1), 1)

    # --- wrong ---------------------------------------------------------------------------------

    def _weighed(self, tried: list[tuple[Attempt, Answers]]) -> list[Finding]:
        """The best explained first; forms in which nothing came back count little."""
        fails = tried[0][1][0].parts is None  # in the documented form as well
        usable = []
        for number, (attempt, answers) in enumerate(tried):
            gives = answers[0].parts is not None
            counts = (gives or fails) if attempt.may_be_named else (gives and fails)
            told = attempt.kind.name == self.question.kinds[0].name or not self.question.told
            if told and (counts or number == 0):
                usable.append((attempt, answers))
        findings = [self._weigh(attempt, answers) for attempt, answers in usable]
        first = self.question.kinds[0].name
        return sorted(
            findings,
            key=lambda one: (
                -one.counts,
                not one.match.entries,
                bool(one.wrong),
                not (one.attempt.kind.name == first and one.gives_numbers),
            ),
        )

    def _weigh(self, attempt: Attempt, answers: Answers) -> Finding:
        failed = answers.failures()
        wrong = [index for index in failed if not answers.is_excused(index)]
        overwrites = [i for i, outcome in answers.outcomes().items() if outcome.changed]
        if wrong and not answers.is_over(wrong[0]):
            found = match(answers, wrong)
        elif overwrites and not wrong and not answers.form.in_place:
            found = Match(with_the_same_side_effect(answers, overwrites[0]), True)
        else:
            found = Match([])
        explained = share_explained(answers, found)
        return Finding(attempt, answers, wrong, overwrites, found, explained)

    def _named(self, findings: list[Finding]) -> Diagnosis | None:
        found = next((one for one in findings if one.match.entries), None)
        return None if found is None else self._conclude(found, self._title(found.attempt))

    def _conclude(self, found: Finding, title: Title) -> Diagnosis:
        answers, entries = found.answers, found.match.entries
        if not entries:
            return self._hinted(found, title)
        besides = found.match.besides, self._overwritten(found), self._advice(found)
        advice = " ".join(filter(None, besides))
        return verdict.named(title, answers, found.first, entries, found.explained, advice)

    def _overwritten(self, found: Finding) -> str:
        if not (found.wrong and found.overwrites):
            return ""
        position = found.answers[found.overwrites[0]].outcome.changed[0]
        name = found.answers.form.names(found.answers.kind)[position]
        return f"Besides, it overwrites {name}: work on a copy."

    def _advice(self, found: Finding) -> str:
        """How to say that it is meant otherwise, if it is right, or nearly, in that way."""
        if not found.attempt.accepted or not self.clock.has_time_for_more:
            return ""
        shares = {}
        rows_alone = any(entry.needs_rows for entry in found.match.entries)
        if rows_alone or share_explained(found.answers, Match([])) <= MOSTLY:
            shares = {
                layout: self._share_right(found, layout)
                for layout, one in OTHER_LAYOUTS[self.layout]
                if one is (layout == "vector") and not (one and found.attempt.kind.is_a_share)
            }
        ways = [layout for layout, share in shares.items() if share == 1][:1]
        ways = ways or [layout for layout, share in shares.items() if share > NEARLY]
        if not ways:
            return next((attempt.says for attempt in self._right_as_other_kinds()), "")
        said = [
            f"{'it takes one example' if one == 'vector' else f'your examples are {one}'}, pass "
            f'layout="{one}"'
            for one in ways
        ]
        return f"If {'; if '.join(said)}."

    def _share_right(self, found: Finding, layout: str) -> float:
        """The share of the inputs that it gets right; 0 as soon as that is too small."""
        one = layout == "vector"
        probe_set = self._probe_set(found.answers.kind, one)
        form = replace(found.answers.form, layout=layout, one_example=one)
        other = found.answers.in_form(form, probe_set)
        wrong = 0
        for index in range(len(other)):
            wrong += not (other.is_right(index) or other.is_excused(index))
            if wrong >= (1 - NEARLY) * len(other):
                return 0.0
        return 1 - wrong / len(other) if len(other) else 0.0

    def _in_another_form(self, findings: list[Finding]) -> Diagnosis | None:
        """A function that is right in a form that the documentation does not have."""
        first = findings[0]
        if (
            self.form is None
            and first.answers[first.first].parts
            and hints.is_transposed(first.answers)
        ):
            return self._in_words(
                "layout", first.attempt, first.answers, first.first, TRANSPOSED, True
            )
        for attempt in self._explained(findings) if self.clock.has_time_for_more else []:
            attempt, answers = self._tried(attempt)
            if not len(answers) or not answers.is_right_everywhere():
                continue
            if _is_one_of_the_results(attempt):  # what is right has something beside it
                continue
            if attempt.form.one_example and _takes_several(first.answers):
                continue
            is_layout = attempt.form.layout != self.layout or attempt.form.one_example
            text = attempt.says
            if is_layout and not attempt.form.one_example:
                error = first.answers[first.first].outcome.error
                swapped = hints.INDICES if isinstance(error, IndexError) else ""
                text = " ".join(filter(None, (hints.factor(first.answers), text, swapped)))
            id = "layout" if is_layout else "form"
            return self._in_words(id, first.attempt, first.answers, first.first, text, is_layout)
        return None

    def _named_in_another_form(self, findings: list[Finding]) -> Diagnosis | None:
        """A known mistake in a function of one example, or of one-hot targets."""
        if not self.clock.has_time_for_more or findings[0].explained > MOSTLY:
            return None
        for attempt in self._explained(findings):
            attempt, answers = self._tried(attempt)
            form = attempt.form
            if form.layout != self.layout and form.layout != "vector":
                continue
            if form.one_example and attempt.kind.is_a_share:
                continue
            if not len(answers) or answers[0].parts is None or _is_one_of_the_results(attempt):
                continue
            found = self._weigh(attempt, answers)
            of_labels = form.one_hot or form.labels_in_a_column
            if found.match.besides and any(hints.is_multiple(one.answers) for one in findings):
                continue  # a factor explains all without a mistake
            if found.match.entries and (found.match.is_exact or of_labels):
                title = self._title(attempt)
                return self._conclude(found, title._replace(form=attempt.form_of_wrong))
        return None

    def _of_another_kind(self, findings: list[Finding]) -> Diagnosis | None:
        first = findings[0]
        for attempt in self._right_as_other_kinds():
            kind = first.attempt.kind
            text = f"{attempt.says} Asked for is {kind.call}: {', '.join(kind.results)}."
            return self._in_words("form", first.attempt, first.answers, first.first, text)
        return None

    def _right_as_other_kinds(self) -> Iterator[Attempt]:
        if not self.clock.has_time_for_more:
            return
        for attempt in attempts.as_other_kinds(
            self.parameters, self.question.kinds, list(KINDS.values()), self.layout
        ):
            attempt, answers = self._tried(attempt)
            if answers.is_right_everywhere():
                yield attempt

    def _unnamed(self, findings: list[Finding]) -> Diagnosis:
        first = findings[0]
        if first.wrong and first.answers[first.first].outcome.untried:
            return verdict.slow(self._title(first.attempt), first.answers)
        for found in findings:
            diagnosis = self._conclude(found, self._title(found.attempt))
            if diagnosis.id != "unknown" and (found is first or diagnosis.id != "constant"):
                return diagnosis
        gives_numbers = bool(first.wrong) and first.answers[first.first].parts is not None
        if gives_numbers and self._is_right_alone(first):
            text = hints.together(first.answers, first.first)
            is_about_shapes = first.attempt.kind.name != "descent_epoch"
            return self._in_words(
                "unknown", first.attempt, first.answers, first.first, text, is_about_shapes
            )
        return self._conclude(first, self._title(first.attempt))

    def _varying(self, first: Finding) -> Diagnosis | None:
        if not self._varies(first):
            return None
        text = hints.varying(first.attempt.kind)
        return self._in_words("unknown", first.attempt, first.answers, first.first, text)

    def _varies(self, found: Finding) -> bool:
        """Whether it answers the same inputs otherwise the next time; one may agree by chance."""
        if not self.clock.has_time_for_more:
            return False
        answers = found.answers
        again = answers.in_form(answers.form)
        gave = [i for i in answers.outcomes() if answers[i].parts is not None]
        asked = [i for i in gave if i in found.wrong] or gave
        return not all(
            answers.probe_set.agree(index, answers[index], again[index])
            for index in asked[:ASKED_TWICE]
        )

    def _is_right_alone(self, found: Finding) -> bool:
        """Whether it is right for batches of one example."""
        form = found.answers.form
        if form.one_example or not self.clock.has_time_for_more:
            return False
        probe_set = self._probe_set(found.answers.kind, True)
        alone = found.answers.in_form(replace(form, one_example=True), probe_set)
        return len(alone) > 0 and alone.is_right_everywhere()

    def _hinted(self, found: Finding, title: Title) -> Diagnosis:
        answers, index = found.answers, found.first
        kind = KINDS[answers.kind.name]
        hint = hints.hint(answers, index, kind.call)
        text = " ".join(filter(None, (hint.text, self._overwritten(found))))
        return verdict.unnamed(title, answers, index, hint.id, text, hint.see, found.explained)

    def _in_words(
        self,
        id: str,
        attempt: Attempt,
        answers: Answers,
        index: int,
        text: str,
        is_about_shapes: bool = False,
    ) -> Diagnosis:
        see = hints.section_of(attempt.kind)
        see = hints.SHAPES if is_about_shapes else hints.IN_PLACE if text == IN_PLACE else see
        share = share_explained(answers, Match([]))
        return verdict.unnamed(self._title(attempt), answers, index, id, text, see, share)


def _takes_several(answers: Answers) -> bool:
    """Whether it gets most batches of several examples right: it is not meant for one alone."""
    several = [i for i in answers.outcomes() if has_several(answers.probe_set, i)]
    return sum(answers.is_right(index) for index in several) > MOSTLY * len(several)


def _is_one_of_the_results(attempt: Attempt) -> bool:
    """Whether one result alone is looked at, and the function returns another one too."""
    fewer = len(attempt.kind.results) < len(KINDS[attempt.kind.name].results)
    return fewer and attempt.form.part is not None


def _as_it_returns(answers: Answers) -> Form:
    """How to read what came back from the first call."""
    form, kind = answers.form, answers.kind
    if not len(answers):
        return form
    outcome = answers[0].outcome
    value = outcome.value
    if value is None and outcome.changed and set(kind.results) <= set(kind.arguments):
        return replace(form, in_place=True)
    if len(kind.results) == 1:
        is_several = isinstance(value, tuple | Mapping) and not _has_right_shape(answers)
        return replace(form, part=_fitting_part(answers, value)) if is_several else form
    if named_results(value, kind.results) is not None:
        return replace(form, by_name=True)
    inner = without_the_rest(value, kind.results) if answers[0].parts is None else None
    if inner is not None:
        by_name = named_results(inner, kind.results) is not None
        return replace(form, by_name=by_name, is_beside=True)
    return form


def _has_right_shape(answers: Answers) -> bool:
    parts = answers[0].parts
    return parts is not None and parts[0].shape == answers.probe_set.expected[0][0].shape


def _fitting_part(answers: Answers, pair: Any) -> int | None:
    """Which of two things has the shape of the right answer."""
    size = answers.probe_set.expected[0][0].size
    arrays = [as_numbers(one) for one in in_sequence(pair)]
    fits = [array is not None and array.size == size for array in arrays]
    return fits.index(True) if any(fits) else None
