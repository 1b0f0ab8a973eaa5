"""Optimisers: how a gradient becomes a step.

An optimiser is any object with the two methods of `Optimizer`: one of those below, a class that
inherits from one, or a class of your own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ._core.validate import as_number, as_positive

# So many parameters are stepped at a time that each pass finds the last one's results in the
# cache, and that the array for them in between is small.
BLOCK = 2**13


class Optimizer(Protocol):
    r"""What `train` and the models ask of an optimiser: two methods.

    .. math:: s \leftarrow \text{start}(\theta), \qquad
              \theta, s \leftarrow \text{step}(\theta, \nabla J(\theta), s)

    An optimiser holds settings only, so one object can serve many fits. What it must remember
    between steps is the state, which the fit keeps, and which it sets back where an epoch is cut
    short.

    See Also
    --------
    GradientDescent : the simplest one.

    Examples
    --------
    A class of your own, which looks at nothing but the signs of the slopes:

    >>> import numpy as np
    >>> from softmax_lib import SoftmaxNetwork, make_blobs
    >>> class SignDescent:
    ...     def start(self, parameters):
    ...         return {}
    ...     def step(self, parameters, gradient, state):
    ...         parameters -= 0.01 * np.sign(gradient)
    >>> X, y = make_blobs(random_state=0)
    >>> SoftmaxNetwork((8,), SignDescent(), random_state=0).fit(X, y).score(X, y) > 0.9
    True
    """

    def start(self, parameters: NDArray[np.floating]) -> dict[str, Any]:
        """Return the state of a fresh walk: a dict of what to remember, which may be empty."""

    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters, and the state, in place; return nothing."""


@dataclass(frozen=True)
class GradientDescent:
    r"""Walk straight downhill.

    .. math:: \theta \leftarrow \theta - \eta g

    Parameters
    ----------
    learning_rate : float, default 0.1
        The step η; above 0.

    Raises
    ------
    ValueError
        If the learning rate is not finite and above 0.

    See Also
    --------
    Momentum : remembers where it was going.
    Adam : a step size for each parameter.

    Notes
    -----
    On a cost of curvature at most L, a step η < 2/L goes down for certain; larger ones may.

    References
    ----------
    .. [1] A.-L. Cauchy, "Méthode générale pour la résolution des systèmes d'équations
       simultanées", Comptes rendus, 1847.

    Examples
    --------
    One step from 1 on x², whose slope there is 2; then one that is too long:

    >>> import numpy as np
    >>> x = np.array([1.0])
    >>> state = GradientDescent(0.25).start(x)
    >>> GradientDescent(0.25).step(x, 2 * x, state)
    >>> x
    array([0.5])
    >>> GradientDescent(1.5).step(x, 2 * x, state)
    >>> x
    array([-1.])
    """

    learning_rate: float = 0.1

    def __post_init__(self) -> None:
        as_positive(self.learning_rate, "learning_rate")

    def start(self, parameters: NDArray[np.floating]) -> dict[str, Any]:
        """Return the state of a fresh walk: nothing to remember."""
        return {}

    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters in place."""
        for theta, g, change in _blocks(parameters, gradient):
            np.multiply(g, self.learning_rate, out=change)
            theta -= change


@dataclass(frozen=True)
class Momentum:
    r"""Keep rolling: the step is a running sum of the gradients.

    .. math:: v \leftarrow \mu v + g, \qquad \theta \leftarrow \theta - \eta v

    Parameters
    ----------
    learning_rate : float, default 0.1
        The step η; above 0.
    momentum : float, default 0.9
        How much of the last step is kept, μ; at least 0 and below 1.

    Raises
    ------
    ValueError
        If a setting is out of its range.

    See Also
    --------
    GradientDescent : the same with μ = 0.

    Notes
    -----
    Along a steady slope the steps grow to η / (1 − μ) times the gradient.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
       USSR Computational Mathematics and Mathematical Physics, 1964.

    Examples
    --------
    Two steps on a steady slope: the second is 1.9 times the first.

    >>> import numpy as np
    >>> x, optimizer = np.array([0.0]), Momentum(0.1)
    >>> state = optimizer.start(x)
    >>> for _ in range(2):
    ...     optimizer.step(x, np.array([1.0]), state)
    >>> x
    array([-0.29])
    """

    learning_rate: float = 0.1
    momentum: float = 0.9

    def __post_init__(self) -> None:
        as_positive(self.learning_rate, "learning_rate")
        _as_decay(self.momentum, "momentum")

    def start(self, parameters: NDArray[np.floating]) -> dict[str, Any]:
        """Return the state of a fresh walk: no velocity."""
        return {"velocity": np.zeros_like(parameters)}

    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters, and the state, in place."""
        for theta, g, velocity, change in _blocks(parameters, gradient, state["velocity"]):
            velocity *= self.momentum
            velocity += g
            np.multiply(velocity, self.learning_rate, out=change)
            theta -= change


@dataclass(frozen=True)
class Adam:
    r"""Give each parameter a step of its own size.

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad
              v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
              \theta \leftarrow \theta - \eta \,
              \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step η; above 0.
    beta1, beta2 : float, default 0.9, 0.999
        How slowly the two averages forget; at least 0 and below 1.
    epsilon : float, default 1e-8
        Keeps the quotient finite where the gradient has been 0; above 0.

    Raises
    ------
    ValueError
        If a setting is out of its range.

    See Also
    --------
    GradientDescent : one step size for all parameters.

    Notes
    -----
    The divisors 1 − βᵗ make up for averages that start at 0: without them the first step
    would be (1 − β₁)/√(1 − β₂) ≈ 3 times too long.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.

    Examples
    --------
    The first step has the length of the learning rate, however steep the slope:

    >>> import numpy as np
    >>> x, optimizer = np.array([0.0, 0.0]), Adam(0.01)
    >>> optimizer.step(x, np.array([1000.0, -0.001]), optimizer.start(x))
    >>> x.round(4)
    array([-0.01,  0.01])
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        as_positive(self.learning_rate, "learning_rate")
        _as_decay(self.beta1, "beta1")
        _as_decay(self.beta2, "beta2")
        as_positive(self.epsilon, "epsilon")

    def start(self, parameters: NDArray[np.floating]) -> dict[str, Any]:
        """Return the state of a fresh walk: both averages at 0, no step taken."""
        return {
            "mean": np.zeros_like(parameters),
            "square": np.zeros_like(parameters),
            "steps": np.zeros((), np.int64),
        }

    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters, and the state, in place."""
        state["steps"] += 1
        steps = int(state["steps"])
        # Both divisors are numbers, so the root of the second is taken once, not for each entry.
        root = math.sqrt(1 - self.beta2**steps)
        rate, epsilon = self.learning_rate * root / (1 - self.beta1**steps), self.epsilon * root
        for theta, g, mean, square, change in _blocks(
            parameters, gradient, state["mean"], state["square"]
        ):
            np.subtract(g, mean, out=change)
            change *= 1 - self.beta1
            mean += change
            np.multiply(g, g, out=change)
            change -= square
            change *= 1 - self.beta2
            square += change
            np.sqrt(square, out=change)
            change += epsilon
            np.divide(mean, change, out=change)
            change *= rate
            theta -= change


OPTIMIZERS = {cls.__name__: cls for cls in (GradientDescent, Momentum, Adam)}


def _blocks(
    parameters: NDArray[np.floating], *others: NDArray[np.floating]
) -> Iterator[tuple[NDArray[np.floating], ...]]:
    """A few parameters at a time, what goes with them, and room for their change."""
    if parameters.size <= BLOCK:
        yield parameters, *others, np.empty_like(parameters)
        return
    step = max(1, BLOCK * len(parameters) // parameters.size)
    room = np.empty_like(parameters[:step])
    for start in range(0, len(parameters), step):
        block = [array[start : start + step] for array in (parameters, *others)]
        yield *block, room[: len(block[0])]


def _as_decay(value: float, name: str) -> float:
    decay = as_number(value, name, low=0)
    if decay >= 1:
        raise ValueError(f"{name} must be below 1; got {decay}")
    return decay
