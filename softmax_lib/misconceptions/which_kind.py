"""Which kind of function is it? Its name says so, or else its parameters."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
import string
from collections.abc import Callable
from typing import NamedTuple

from .kinds import KINDS, Kind
from .layouts import BIASES, LAYOUTS

# What a name may mean. Where several patterns occur in it, the first one counts, so that
# softmax_cross_entropy is a loss, and log_softmax no softmax.
STEP = r"step|update|descent|descend|epoch|mini_?batch|train|sgd|optimi[sz]e|\bfit\b"
SLOPE = (
    r"grad|deriv|prime|delta|back|vjp|jacobian|jac\b|slope|re_?lu_mask"
    r"|\bd_?(soft|log|sig|tan_?h|re_?lu|loss|cost|cross|scores|ce\b|[abwzj]\d?\b)"
)
LOSS = r"cross_?entropy|loss|cost|likelihood|\bnll\b|\bb?ce\b|\bj\b"
OF_LOGITS = ["logits_gradient", "logits_gradient_from_probs"]
LINEAR = ["linear_loss_and_gradient", "linear_loss_and_gradient_with_half"]
OF_WEIGHTS = ["weight_gradient", "network_gradients", *LINEAR]
MASK, ATTENTION = r"mask", r"attention|scaled_dot"
ALONG = r"soft_?max_?(along|over|on|by|nd|n_d)\b"
# Words that a function may have in its name and be something else: softmax_update, masked_softmax.
IN_PASSING = {STEP, MASK, ATTENTION, ALONG}
WORDS = [
    (STEP, ["gradient_step", "gradient_step_with_l2", "descent_epoch"]),
    (
        r"(numeric(al)?|approx\w*|eval_num\w*)_?(grad|deriv|slope)|grad(ient)?_?check|^finite_diff",
        ["numerical_gradient"],
    ),
    (SLOPE, []),  # then the words for slopes below
    (ATTENTION, ["attention_weights"]),
    (MASK, ["masked_softmax"]),
    (r"log_?soft_?max", ["log_softmax"]),
    (r"log_?sum_?exp|\blse\b", ["logsumexp"]),
    (
        r"binary|\bbce\b|log_?loss|(logistic|sigmoid)_(loss|cost|cross_?entropy|ce\b)",
        ["binary_cross_entropy", "binary_cross_entropy_from_logits"],
    ),
    (r"from_?prob", ["cross_entropy_from_probs"]),
    (
        LOSS,
        [
            "cross_entropy",
            "cross_entropy_from_probs",
            *LINEAR,
        ],
    ),
    (r"one_?hot|categorical\b", ["one_hot"]),
    (r"accuracy|\bacc\b", ["accuracy", "accuracy_of_labels"]),
    (r"hard_?max", ["hardmax"]),
    (r"temperature|tempered", ["softmax_with_temperature"]),
    (r"sigmoid|logistic", ["sigmoid"]),
    (ALONG, ["softmax_along_axis"]),
    (r"soft_?max", ["softmax"]),
]
SLOPES = [
    (r"jacobian|jac\b", ["softmax_jacobian"]),
    (r"sigmoid|logistic", ["sigmoid_derivative"]),
    (r"tan_?h", ["tanh_derivative"]),
    (r"re_?lu", ["relu_derivative"]),
    (
        r"network|backprop",
        ["network_gradients", "weight_gradient", "softmax_backward", *OF_LOGITS],
    ),
    (LOSS, [*OF_LOGITS, *OF_WEIGHTS]),
    (r"log_?soft_?max", OF_LOGITS),
    (r"soft_?max", ["softmax_jacobian", "softmax_backward", *OF_LOGITS, *OF_WEIGHTS]),
    (r"", [*OF_LOGITS, *OF_WEIGHTS, "softmax_backward"]),
]

TEMPERATURES = {"temperature", "temp", "T", "t", "tau"}
PENALTIES = {"l2", "reg", "lam", "lambda_", "lambd", "lmbda", "decay", "weight_decay", "alpha"}
RATES = {"learning_rate", "lr", "eta", "rate", "step_size"}
RATES_OR_PENALTIES = {"alpha"}
# How many steps a loop of training takes.
STEPS = {"n_steps", "steps", "num_steps", "n_iter", "n_iters", "num_iter", "num_iters", "iters"} | {
    *("iterations", "num_iterations", "n_iterations", "max_iter", "max_iters", "niter"),
    *("epochs", "n_epochs", "num_epochs", "nepochs", "epoch"),
}
WEIGHTS = {"W", "w", "theta"}
LOGITS = {"logits", "scores", "Z", "z"}
CERTAIN = {"probs", "probabilities", "P", "p"}
PROBABILITIES = CERTAIN | {"Y_hat", "y_hat"}  # some call logits so
PREDICTED_LABELS = {"y_pred", "ypred", "pred", "preds", "predictions", "predicted"}  # mostly
# Names of kinds that other kinds go by as well.
SHARED = {"softmax", "gradient_step", "cross_entropy", "accuracy"}
# Words of a name that say nothing of what the function is.
FILLERS = {"my", "stable", "naive", "safe", "np", "numpy", "the", "v", "new", "fast", "simple"}


Parameters = dict[str, inspect.Parameter]


class Question(NamedTuple):
    """The kinds that a function may be, the likeliest first."""

    kinds: list[Kind]
    guessed: bool = False  # whether the name is none of theirs
    told: bool = False  # whether the first parameter says which one


def name_of(function: Callable) -> str | None:
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        name = type(function).__name__
    return None if name.startswith(("<", "__")) else name


def parameters_of(function: Callable) -> Parameters:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some compiled functions do not tell
        return {}


def axis_parameter(parameters: Parameters) -> str:
    """A parameter that wants to know the class axis; empty where there is none."""
    wanted = [p.name for p in parameters.values() if p.default is p.empty]
    return next((name for name in wanted[1:] if name in ("axis", "dim")), "")


def counted_parameters(parameters: Parameters, kind: Kind) -> list[inspect.Parameter]:
    """Those that are for the arguments of a kind."""
    axis = "" if "axis" in kind.arguments else axis_parameter(parameters)
    return [p for name, p in parameters.items() if name != axis]


def has_parameter(names: set[str], parameters: Parameters) -> bool:
    return not names.isdisjoint(parameters)


def question_of(function: Callable, kind: str | None) -> Question:
    if kind is not None:
        return Question([KINDS[as_kind(kind)]])
    name, parameters = name_of(function), parameters_of(function)
    words = _words(name)
    meanings = [
        [KINDS[one] for one in meant if one in KINDS] for meant in _meanings(words, parameters)
    ]
    if words in SHARED:
        meanings = meanings[:1]
    if any(name in WEIGHTS and p.default is p.empty for name, p in parameters.items()):
        meanings = [[one for one in m if "W" in one.arguments] or m for m in meanings]
    for likely in meanings:
        if fitting := _fitting(likely, parameters):
            told = len(fitting) == 1 or has_parameter(LOGITS | CERTAIN, parameters)
            return Question(fitting, not (told and _is_own_name(words, fitting[0])), told)
    if meanings and meanings[0]:
        return Question(meanings[0][:1], not _is_own_name(words, meanings[0][0]))
    names = tuple(parameters)
    alike = [one for one in KINDS.values() if one.arguments == names]
    if len(alike) == 1 or (alike and len(names) > 1):
        return Question(alike, True)
    possible = [kind for kind, one in KINDS.items() if can_take(parameters, one)] or list(KINDS)
    told_by = f"its name, {name}" if name else "a function without a name"
    raise ValueError(
        f"kind must be given: it cannot be told from {told_by}. Say what it is, as in "
        f"diagnose(f, {possible[0]!r}). It is one of {', '.join(possible)}"
    )


def as_kind(kind: object) -> str:
    """The name of a kind; where it is none, an error that knows the nearest ones."""
    if isinstance(kind, str) and kind in KINDS:
        return kind
    near = _near(kind) if isinstance(kind, str) else []
    if kind in LAYOUTS:
        raise ValueError(f"kind must be a kind of function; got {kind!r}: pass layout={kind!r}")
    if near:
        meant = " or ".join(map(repr, near))
        raise ValueError(f"kind must be a kind of function; got {kind!r}. Did you mean {meant}?")
    raise ValueError(f"kind must be one of {', '.join(map(repr, KINDS))}; got {kind!r}")


def _near(kind: str) -> list[str]:
    words = _words(kind)
    same = [one for one in KINDS if one.replace("_", "") == words.replace("_", "")]
    meant = [one for meanings in _meanings(words, {}) for one in meanings if one in KINDS][:2]
    return same or meant or difflib.get_close_matches(words, KINDS, n=2)


def _words(name: str | None) -> str:
    """A name in small letters, its words joined by underscores: oneHot is one_hot."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name or "")
    return re.sub(r"[\W_]+", "_", apart.lower()).strip("_")


def _occurs(pattern: str, words: str) -> bool:
    return bool(re.search(pattern.replace(r"\b", "(?:^|_|$)"), words))


def _meanings(words: str, parameters: Parameters) -> list[list[str]]:
    """The kinds that a name may mean, a list for each pattern in it, the likeliest first."""
    own = [[words]] if words in KINDS and words not in SHARED else []
    if own and f"{words}_from_probs" in KINDS and has_parameter(PROBABILITIES, parameters):
        own = [[f"{words}_from_probs", words]]
    names = {n for n, p in parameters.items() if p.kind is not p.KEYWORD_ONLY}
    meanings = own
    for pattern, meant in WORDS:
        if not _occurs(pattern, words):
            continue
        if not meant:
            meant = next(kinds for slope, kinds in SLOPES if _occurs(slope, words))
        meanings.append(_narrowed(meant, names, words))
        if pattern not in IN_PASSING:
            break
    return meanings


def _narrowed(meant: list[str], names: set[str], words: str) -> list[str]:
    """The kinds that are still meant when the name and those of the parameters are known."""
    if _occurs(r"(with|from|on)_logits?\b", words):
        of_logits = [one for one in meant if {"logits", "z", "Z"} & set(KINDS[one].arguments)]
        return of_logits or meant
    if meant == ["attention_weights"] and names & LOGITS:  # it is given Q Kᵀ
        return ["masked_softmax" if _occurs(MASK, words) or len(names) > 1 else "softmax"]
    if meant == ["softmax"] and names & TEMPERATURES:
        return ["softmax_with_temperature"]
    if meant == ["softmax"] and len(names) > 1 and any("mask" in name for name in names):
        return ["masked_softmax"]
    penalties = PENALTIES if names & RATES else PENALTIES - RATES_OR_PENALTIES
    if "gradient_step_with_l2" in meant and names & penalties:
        return ["gradient_step_with_l2"]
    if "descent_epoch" in meant and (names & STEPS or any("batch" in name for name in names)):
        return ["descent_epoch"]
    return meant


def _is_own_name(words: str, kind: Kind) -> bool:
    own = [word for word in words.split("_") if not word.isdigit() and word not in FILLERS]
    return kind.name.replace("_", "") in ("".join(own), "".join(own).rstrip(string.digits))


def _fitting(likely: list[Kind], parameters: Parameters) -> list[Kind]:
    """Those with as many arguments as the function takes, and with its parameters' meaning."""
    fitting = [one for one in likely if can_take(parameters, one)]
    fitting = fitting or [one for one in likely if _can_take_without_biases(parameters, one)]
    by_position = [p for p in parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    if by_position and any(one.name.startswith("gradient_step") for one in fitting):
        fitting = _steps(fitting, by_position)
    names = tuple(parameters)
    fitting = [one for one in fitting if not contradicts(parameters, one)] or fitting
    probs_first = has_parameter(PROBABILITIES, parameters)
    labels_first = has_parameter(PREDICTED_LABELS, parameters)
    fitting = sorted(
        fitting,
        key=lambda one: (
            names != one.arguments,
            probs_first and "probs" not in one.arguments,
            labels_first and one.name == "accuracy",
        ),
    )
    from_probs = [one for one in fitting if "probs" in one.arguments]
    if has_parameter(LOGITS, parameters) and len(from_probs) < len(fitting):
        return [one for one in fitting if one not in from_probs]
    if has_parameter(CERTAIN, parameters) and from_probs:
        return from_probs
    return fitting


def _steps(fitting: list[Kind], by_position: list[inspect.Parameter]) -> list[Kind]:
    """The steps that take all that a function asks for."""
    further = by_position[len(KINDS["gradient_step"].arguments) :][:1]
    if any(p.default is not p.empty and p.name not in PENALTIES for p in further):
        # It is for something else than a penalty, such as momentum.
        return [one for one in fitting if one.name != "gradient_step_with_l2"] or fitting
    # The longer form shows more: a rate that is right is nothing where the penalty is wrong.
    most = max(len(one.arguments) for one in fitting)
    return [one for one in fitting if len(one.arguments) == most]


def contradicts(parameters: Parameters, kind: Kind) -> bool:
    """Whether a parameter's name says that it is no function of this kind."""
    if kind.name == "descent_epoch" and not any("batch" in name for name in parameters):
        return has_parameter(STEPS, parameters)
    return kind.name == "accuracy_of_labels" and has_parameter(LOGITS | CERTAIN, parameters)


def can_take(parameters: Parameters, kind: Kind) -> bool:
    return takes(counted_parameters(parameters, kind), len(kind.arguments))


def _can_take_without_biases(parameters: Parameters, kind: Kind) -> bool:
    biases = BIASES & set(kind.arguments)
    count = len(kind.arguments) - len(biases)
    return bool(biases) and takes(counted_parameters(parameters, kind), count)


def takes(parameters: list[inspect.Parameter], count: int) -> bool:
    """Whether a function with these parameters can be called with so many arguments."""
    if not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return True
    by_position = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return len(needed) <= count <= len(by_position)
