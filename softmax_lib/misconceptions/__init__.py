"""The catalogue of wrong implementations, and diagnose(), which names the one you wrote."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, DTypeLike

    from .mistake import Misconception
    from .verdict import Diagnosis, Example

__all__ = [
    "CATALOGUE",
    "Diagnosis",
    "Example",
    "Misconception",
    "diagnose",
    "examine",
    "is_counterexample",
]

# The first use of these brings the catalogue and its judge: `import softmax_lib` waits for neither.
HOMES = {
    "CATALOGUE": ".catalogue",
    "Diagnosis": ".verdict",
    "Example": ".verdict",
    "Misconception": ".mistake",
}

#: All mistakes, by id.
#:
#: :meta hide-value:
CATALOGUE: Mapping[str, Misconception]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})


def diagnose(
    function: Callable,
    kind: str | None = None,
    *,
    layout: Literal["rows", "columns", "vector"] = "rows",
) -> Diagnosis:
    r"""Name the mistake in a function that you wrote, or say that it is right.

    The function is called with small inputs, and its answers are compared with the true ones:

    .. math:: |a - t| \le \varepsilon + 10^{-5}\, |t|

    with ε = 10⁻⁶, or 10⁻³⁰ for probabilities; both bounds are wider where an input is above 10, in
    proportion. Where they differ, they are compared with the answers of every wrong implementation
    in the catalogue.

    Parameters
    ----------
    function : callable
        One of ``softmax(Z)``, ``softmax_with_temperature(Z, temperature)``,
        ``softmax_along_axis(Z, axis)``, ``masked_softmax(Z, mask)`` with True for what is kept,
        ``attention_weights(Q, K)``, ``hardmax(Z)``, ``log_softmax(Z)``, ``logsumexp(Z)``,
        ``sigmoid(z)``, ``softmax_jacobian(z)``, ``softmax_backward(probs, upstream)``,
        ``sigmoid_derivative(z)``, ``tanh_derivative(z)``, ``relu_derivative(z)``,
        ``one_hot(y, n_classes)``, ``accuracy(scores, y)``, ``accuracy_of_labels(predicted, y)``,
        ``cross_entropy_from_probs(probs, y)``, ``cross_entropy(logits, y)``,
        ``binary_cross_entropy(probs, y)``, ``binary_cross_entropy_from_logits(z, y)``,
        ``logits_gradient(Z, y)``, ``logits_gradient_from_probs(probs, y)``,
        ``weight_gradient(X, Z, y)`` → (dW, db), ``linear_loss_and_gradient(W, X, y, l2)`` → (loss,
        dW) with the penalty l2 ‖W‖², ``linear_loss_and_gradient_with_half(W, X, y, l2)`` with half
        of it, ``gradient_step(W, b, X, y, learning_rate)`` → (W, b),
        ``gradient_step_with_l2(W, b, X, y, learning_rate, l2)`` → (W, b),
        ``descent_epoch(W, b, X, y, learning_rate, batch_size)`` → (W, b) with the batches in order,
        ``network_gradients(X, y, W1, b1, W2, b2)`` → (dW1, db1, dW2, db2), whose hidden layer is a
        ReLU, and ``numerical_gradient(f, x)``. Costs and gradients are of the mean over examples.
        `Z`, `logits` and `scores` are (m, C), `X` is (m, n), a `z` is one vector, and `y` holds m
        labels; where the parameter is called ``Y``, it gets them one-hot. Other forms are tried as
        well, see the notes.
    kind : str, optional
        Which of these it is, by name. Without it, the function's name decides, and then its
        parameters: ``my_softmax`` is a softmax. Where a name may mean several, the function is
        right if it is right as one of them, such as a ``cross_entropy`` of logits or of
        probabilities. The verdict says what it was judged as.
    layout : {"rows", "columns", "vector"}
        How examples lie. With ``"columns"``, the lecture's way, all matrices are transposed:
        `Z` is (C, m), `X` (n, m), `W` (C, n), and biases are columns. With ``"vector"``, the
        function takes one example at a time: `Z` is (C,), `X` (n,), and `y` one label.

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
    Forms that are judged as they are: one-hot targets under another name than ``y``, labels before
    predictions, parameters in another order where their names tell it, a loss and its gradient in a
    pair, results in a dict, weights in a dict or list, a hidden layer of tanh, sigmoid or leaky
    ReLU, a slope times the gradient from above, the ``backward`` of a layer after its ``forward``,
    attention to values as its weights; and where a parameter is called so, a `weight_gradient` of
    probabilities, a `cross_entropy` of log-probabilities, a `softmax_backward` of logits, a
    `masked_softmax` with lengths, and a loop of `n_steps` steps with all examples. The verdict says
    so.
    Others are explained: a function of one example, one that works in place, results in another
    order, and a right function of another kind.

    Nothing that the function does is an error here: what it raises, prints or warns of is part of
    the verdict, and streams, warnings' filters and random state are afterwards what they were. One
    function is judged at a time: other threads wait for their turn. The first call has 4 seconds, a
    later one 1.5 or twice what the longest took, and all calls together 10; a function that does
    not come back is stopped, if need be by being left behind in its thread. Where Python has no
    threads, as in a browser, and for a loop that runs inside compiled code, there is no limit to
    one call.

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
    Likely: the maximum of the row is not subtracted, so the exponential of a large logit is
    inf, and inf/inf is nan; far below 0 it is 0/0.
    See "Overflow, and the shift that cures it", chapter 1.
    """
    from . import judge

    return judge.diagnose(function, kind, layout)


def examine(
    function: Callable,
    kind: str,
    *,
    layout: Literal["rows", "columns", "vector"] = "rows",
    seed: int = 0,
    dtype: DTypeLike = np.float64,
) -> Diagnosis:
    """Diagnose a function with other numbers than those that everybody sees.

    It is right in the documented form alone; other forms are explained.

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
    from . import judge

    return judge.examine(function, kind, layout, seed, dtype)


def is_counterexample(id: str, *arguments: ArrayLike) -> bool:
    """Whether an input tells a mistake of the catalogue from a right function.

    Parameters
    ----------
    id : str
        The mistake, by its name in the catalogue.
    *arguments : array_like
        What the function is called with: finite numbers, with as many dimensions as the kind of the
        mistake asks for.

    Returns
    -------
    bool
        Whether the wrong function answers otherwise than a right one, in all its forms. Answers
        are compared as `diagnose` compares them.

    Raises
    ------
    ValueError
        If there is no such mistake, or no right function has an answer to this input.

    See Also
    --------
    diagnose : finds such an input itself.

    Examples
    --------
    A softmax without a shift passes on ordinary logits:

    >>> is_counterexample("softmax-no-shift", [[1, 2]])
    False
    >>> is_counterexample("softmax-no-shift", [[1000, 1001]])
    True
    """
    from . import counterexamples

    return counterexamples.is_counterexample(id, arguments)
