"""The catalogue of wrong implementations, and diagnose(), which names the one you wrote."""

from __future__ import annotations

import functools
import inspect
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from .._core.validate import as_choice
from .catalogue import activations, gradients, losses
from .judge import judge
from .kinds import KINDS, Kind
from .mistake import Misconception
from .trial import SECONDS
from .verdict import Diagnosis, Example

__all__ = ["CATALOGUE", "Diagnosis", "Example", "Misconception", "diagnose", "examine"]

#: All mistakes, by id.
#:
#: :meta hide-value:
CATALOGUE: Mapping[str, Misconception] = MappingProxyType(
    {
        entry.id: entry
        for room in (activations, losses, gradients)
        for entry in vars(room).values()
        if isinstance(entry, Misconception)
    }
)

# The first pattern that a function's name contains, with the kinds that it may then be.
NAMES = {
    r"jacobian": ["softmax_jacobian"],
    r"network|backprop|backward": ["network_gradients"],
    r"step|update": ["gradient_step", "gradient_step_with_l2"],
    r"grad|d[zw]\b": ["logits_gradient", "weight_gradient", "network_gradients"],
    r"log_?soft_?max": ["log_softmax"],
    r"temperature|tempered": ["softmax_with_temperature"],
    r"log_?sum_?exp|\blse\b": ["logsumexp"],
    r"from_?prob": ["cross_entropy_from_probs"],
    r"cross_?entropy|loss|cost": ["cross_entropy", "cross_entropy_from_probs"],
    r"one_?hot": ["one_hot"],
    r"accuracy": ["accuracy"],
    r"sigmoid|logistic": ["sigmoid"],
    r"hard_?max": ["hardmax"],
    r"soft_?max": ["softmax", "softmax_with_temperature"],
}


# What a loss takes, by the name of its first parameter.
FIRST = {
    "cross_entropy": {"logits", "scores", "Z", "z"},
    "cross_entropy_from_probs": {"probs", "probabilities", "P", "p", "Y_hat", "y_hat"},
}


def diagnose(function, kind=None, *, layout="rows"):
    r"""Name the mistake in a function that you wrote, or say that it is right.

    The function is called with small inputs, and its answers are compared with the true ones:

    .. math:: |a - t| \le \varepsilon + 10^{-5}\, |t|

    with ε = 10⁻⁶, or 10⁻³⁰ for probabilities; both bounds are wider where an input is above 10, in
    proportion. Where they differ, they are compared with the answers of every wrong implementation
    in the catalogue.

    Parameters
    ----------
    function : callable
        One of ``softmax(Z)``, ``softmax_with_temperature(Z, temperature)``, ``hardmax(Z)``,
        ``log_softmax(Z)``, ``logsumexp(Z)``, ``sigmoid(z)``, ``softmax_jacobian(z)``,
        ``one_hot(y, n_classes)``, ``accuracy(scores, y)``,
        ``cross_entropy_from_probs(probs, y)``, ``cross_entropy(logits, y)``,
        ``logits_gradient(Z, y)``, ``weight_gradient(X, Z, y)`` → (dW, db),
        ``gradient_step(W, b, X, y, learning_rate)`` → (W, b),
        ``gradient_step_with_l2(W, b, X, y, learning_rate, l2)`` → (W, b), and
        ``network_gradients(X, y, W1, b1, W2, b2)`` → (dW1, db1, dW2, db2), whose hidden layer is a
        ReLU. Costs and gradients are of the mean over examples. `Z`, `logits` and `scores` are
        (m, C), `X` is (m, n), a `z` is one vector, and `y` holds m labels; where the parameter is
        called ``Y``, it gets them one-hot.
    kind : str, optional
        Which of these it is, by name. Without it, the function's name decides, and then its
        parameters: ``my_softmax`` is a softmax. A function called ``cross_entropy`` may take
        logits or probabilities: it is right if it is right as either.
    layout : {"rows", "columns"}
        How examples lie. With ``"columns"``, the lecture's way, all matrices are transposed:
        `Z` is (C, m), `X` (n, m), `W` (C, n), and biases are columns.

    Returns
    -------
    Diagnosis
        Shows itself as the verdict. Its `ok`, `id`, `candidates` and `example` are for programs.

    Raises
    ------
    TypeError
        If `function` cannot be called.
    ValueError
        If `kind` or `layout` is not one of those above, or the kind cannot be told.

    See Also
    --------
    check_gradient : compares a gradient with finite differences.

    Notes
    -----
    Nothing that the function does is an error here: what it raises, prints or warns of is part of
    the verdict. A call has 1.5 seconds and all calls together 3.5; then the function is stopped,
    if need be by being left behind in its thread. Where Python has no threads, as in a browser,
    and for a loop that runs inside compiled code, there is no limit.

    The inputs are the same every time. About five digits are compared, so that a right function
    may compute in float32.

    References
    ----------
    .. [1] J. S. Brown and R. R. Burton, "Diagnostic models for procedural bugs in basic
       mathematical skills", Cognitive Science 2, 1978: wrong answers come from procedures that
       are wrong in systematic ways, and can be told by running them.

    Examples
    --------
    The formula as it stands in the lecture, which a test on small logits would pass:

    >>> import numpy as np
    >>> def softmax(Z):
    ...     exps = np.exp(Z)
    ...     return exps / exps.sum(axis=1, keepdims=True)
    >>> verdict = diagnose(softmax)
    >>> verdict.id
    'softmax-no-shift'
    >>> verdict
    softmax: not right yet.
      You gave    Z = [[1000, 1001]]
      Your answer [[nan, nan]]
      Expected    [[0.2689, 0.7311]]
      With the warning: overflow encountered in exp
    Likely: the maximum of the row is not subtracted, so the exponential of a large logit is
    inf, and inf/inf is nan; far below 0 it is 0/0.
    See "Overflow, and the shift that cures it", chapter 1.
    """
    if not callable(function):
        raise TypeError(f"function must be callable; got {type(function).__name__}")
    as_choice(layout, "layout", ("rows", "columns"))
    name = _name(function)
    kinds = _kinds(function, name, kind)
    deadline = time.monotonic() + SECONDS
    verdicts = []
    for one in kinds:
        for one_hot in (True, False) if "Y" in _parameters(function) else (False,):
            verdict = judge(
                function,
                one.name,
                CATALOGUE.values(),
                name=name,
                layout=layout,
                one_hot=one_hot and "y" in one.arguments,
                deadline=deadline,
            )
            if verdict.ok:
                if len(kinds) == 1 or _takes_by_name(function) == one.name:
                    return verdict
                return replace(
                    verdict, message=verdict.message.replace(": right.", f": right, as {one.call}.")
                )
            verdicts.append(verdict)
    if _takes_by_name(function):
        return verdicts[0]
    return max(verdicts, key=lambda verdict: verdict.explained)


def examine(function, kind, *, layout="rows", seed=0, dtype=np.float64):
    """Diagnose a function with other numbers than those that everybody sees.

    Parameters
    ----------
    function : callable
        What is judged.
    kind, layout : str
        As in `diagnose`.
    seed : int, default 0
        Draws the ordinary inputs; the extreme ones are the same for all seeds.
    dtype : dtype, default float64
        The dtype of the inputs that hold no whole numbers.

    Returns
    -------
    Diagnosis
        The verdict on these inputs.

    Examples
    --------
    >>> import numpy as np
    >>> from softmax_lib import softmax
    >>> examine(softmax, "softmax", seed=7, dtype=np.float32)
    softmax: right.
    """
    as_choice(kind, "kind", tuple(KINDS))
    as_choice(layout, "layout", ("rows", "columns"))
    return judge(
        function,
        kind,
        CATALOGUE.values(),
        name=_name(function),
        layout=layout,
        seed=seed,
        dtype=dtype,
    )


def _name(function: Callable) -> str | None:
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        name = type(function).__name__
    return None if name.startswith(("<", "__")) else name


def _parameters(function: Callable) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some compiled functions do not tell
        return {}


def _takes_by_name(function: Callable) -> str | None:
    """The kind of loss that the name of a first parameter speaks of."""
    first = next(iter(_parameters(function)), None)
    return next((kind for kind, names in FIRST.items() if first in names), None)


def _kinds(function: Callable, name: str | None, kind: str | None) -> list[Kind]:
    """The kinds that a function may be, the likeliest first."""
    if kind is not None:
        return [KINDS[as_choice(kind, "kind", tuple(KINDS))]]
    parameters = list(_parameters(function).values())
    names = tuple(parameter.name for parameter in parameters)
    words = re.sub(r"[\W_]+", "_", (name or "").lower())
    for pattern, kinds in NAMES.items():
        if re.search(pattern.replace(r"\b", "(?:^|_|$)"), words):
            likely = [KINDS[one] for one in kinds]
            fitting = [one for one in likely if _takes(parameters, len(one.arguments))]
            fitting = fitting or likely[:1]
            if "cross_entropy" in kinds:
                return sorted(fitting, key=lambda one: one.name != _takes_by_name(function))
            return sorted(fitting, key=lambda one: (names != one.arguments, one.name != words))[:1]
    alike = [one for one in KINDS.values() if one.arguments == names]
    if len(alike) == 1:
        return alike
    raise ValueError(
        f"kind must be given: it cannot be told from {name or 'no name'}. It is one of "
        f"{', '.join(KINDS)}"
    )


def _takes(parameters: list[inspect.Parameter], count: int) -> bool:
    """Whether a function with these parameters can be called with so many arguments."""
    if not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return True
    by_position = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD]
    return len(needed) <= count <= len(by_position)
