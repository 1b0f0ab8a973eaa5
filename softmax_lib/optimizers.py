"""Optimisers: how a gradient becomes a step.

An optimiser is any object with the two methods of `Optimizer`: one of those below, a class that
inherits from one, or a class of your own.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ._core.arrays import check_nothing_is_masked
from ._core.validate import as_number, as_positive, as_real, check_writeable

# So many parameters are stepped at a time that each pass finds the last one's results in the
# cache, and that the array for them in between is small.
BLOCK = 2**13


class Optimizer(Protocol):
    r"""What `train` and the models ask of an optimiser: two methods.

    .. math:: \begin{aligned}
              s &\leftarrow \text{start}(\theta) \\
              \theta, s &\leftarrow \text{step}(\theta, \nabla J(\theta), s)
              \end{aligned}

    An optimiser holds settings only, so one object can serve many fits. What it must remember
    between steps is the state, which the fit keeps, and which it sets back where an epoch is cut
    short. Where the state holds an array of bools named ``decays``, of the shape of the parameters,
    a network sets it to False for its biases, so that a decay can spare them.

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


class _Settings:
    """The settings of an optimiser as scikit-learn's searches reach them."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the settings by name; `deep` changes nothing here."""
        return {setting.name: getattr(self, setting.name) for setting in fields(self)}  # type: ignore[arg-type]

    def set_params(self, **params: Any) -> Self:
        """Change settings in place, and return the optimiser.

        Nothing else changes a setting, since several fits may share the object. It is meant for
        scikit-learn's searches, which change a clone.
        """
        unknown = sorted(set(params) - set(self.get_params()))
        if unknown:
            raise ValueError(
                f"{type(self).__name__} must be given settings that it has, "
                f"{', '.join(self.get_params())}; got {unknown[0]}"
            )
        changed = copy.copy(self)
        vars(changed).update(params)
        changed.__post_init__()
        vars(self).update(params)
        return self

    def __post_init__(self) -> None:
        """Refuse settings out of their range."""

    def __sklearn_clone__(self) -> Self:
        return copy.deepcopy(self)


@dataclass(frozen=True)
class GradientDescent(_Settings):
    r"""Walk straight downhill.

    .. math:: \theta \leftarrow \theta - \eta g

    Parameters
    ----------
    learning_rate : float, default 0.1
        The step η; above 0.

    Raises
    ------
    ValueError
        If the learning rate is not finite and above 0, or, in ``step``, the gradient has another
        shape than the parameters.

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

    @np.errstate(under="ignore")
    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters in place."""
        gradient = _as_gradient(gradient, parameters)
        for theta, g, change in _blocks(parameters, gradient):
            np.multiply(g, self.learning_rate, out=change, dtype=change.dtype)
            np.subtract(theta, change, out=theta)


@dataclass(frozen=True)
class Momentum(_Settings):
    r"""Keep rolling: the step is a running sum of the gradients.

    .. math:: \begin{aligned}
              v &\leftarrow \mu v + g \\
              \theta &\leftarrow \theta - \eta v
              \end{aligned}

    Parameters
    ----------
    learning_rate : float, default 0.1
        The step η; above 0.
    momentum : float, default 0.9
        How much of the last step is kept, μ; at least 0 and below 1.

    Raises
    ------
    ValueError
        If a setting is out of its range, or, in ``step``, the gradient has another shape than the
        parameters.

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
        return {"velocity": np.zeros_like(parameters, _precision(parameters))}

    @np.errstate(under="ignore")
    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters, and the state, in place."""
        gradient = _as_gradient(gradient, parameters)
        try:
            remembered = state["velocity"]
        except KeyError as error:
            raise _foreign(error) from error
        for theta, g, velocity, change in _blocks(parameters, gradient, remembered):
            velocity *= self.momentum
            velocity += g
            np.multiply(velocity, self.learning_rate, out=change)
            np.subtract(theta, change, out=theta)


@dataclass(frozen=True)
class Adam(_Settings):
    r"""Give each parameter a step of its own size.

    .. math:: \begin{aligned}
              m &\leftarrow \beta_1 m + (1 - \beta_1) g \\
              v &\leftarrow \beta_2 v + (1 - \beta_2) g^2 \\
              \hat m &= m / (1 - \beta_1^t) \\
              \hat v &= v / (1 - \beta_2^t) \\
              \theta &\leftarrow \theta - \eta \left(
              \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta \right)
              \end{aligned}

    Parameters
    ----------
    learning_rate : float, default 0.001
        The step η; above 0.
    beta1, beta2 : float, default 0.9, 0.999
        How slowly the two averages forget; at least 0 and below 1.
    epsilon : float, default 1e-8
        Keeps the quotient finite where the gradient has been 0; above 0.
    weight_decay : float, default 0.0
        How much of each parameter every step takes away, λ, before the learning rate multiplies
        it; at least 0. In a network it spares the biases.

    Raises
    ------
    ValueError
        If a setting is out of its range, or, in ``step``, the gradient has another shape than the
        parameters.

    See Also
    --------
    GradientDescent : one step size for all parameters.

    Notes
    -----
    The divisors 1 − βᵗ make up for averages that start at 0: without them the first step
    would be (1 − β₁)/√(1 − β₂) ≈ 3 times too long.

    The decay stands beside the quotient, not in the gradient as the slope of a penalty would:
    there Adam would divide it by √v, and so take least from the weights with the steepest slopes
    (AdamW). Once a slope is too steep for its square, √v is remembered in the place of v: its
    range is that of the slopes. float16 is computed in float32.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
    .. [2] I. Loshchilov and F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019.

    Examples
    --------
    The first step has the length of the learning rate, however steep the slope, even where its
    square is larger than any float:

    >>> import numpy as np
    >>> x, optimizer = np.array([0.0, 0.0]), Adam(0.01)
    >>> optimizer.step(x, np.array([1e200, -0.001]), optimizer.start(x))
    >>> x.round(4)
    array([-0.01,  0.01])
    """

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        as_positive(self.learning_rate, "learning_rate")
        _as_decay(self.beta1, "beta1")
        _as_decay(self.beta2, "beta2")
        as_positive(self.epsilon, "epsilon")
        as_number(self.weight_decay, "weight_decay", low=0)

    def start(self, parameters: NDArray[np.floating]) -> dict[str, Any]:
        """Return the state of a fresh walk: both averages at 0, no step taken."""
        dtype = _precision(parameters)
        state: dict[str, Any] = {
            "mean": np.zeros_like(parameters, dtype),
            "square": np.zeros_like(parameters, dtype),
            "steps": 0,
        }
        if self.weight_decay:
            state["decays"] = np.ones_like(parameters, bool)
        return state

    @np.errstate(all="ignore")  # what leaves the range of the dtype is computed another way
    def step(
        self,
        parameters: NDArray[np.floating],
        gradient: NDArray[np.floating],
        state: dict[str, Any],
    ) -> None:
        """Change the parameters, and the state, in place."""
        gradient = _as_gradient(gradient, parameters)
        try:
            first = state["mean"]
            decays = [state["decays"]] if self.weight_decay else []
        except KeyError as error:
            raise _foreign(error) from error
        state["steps"] = steps = int(state["steps"]) + 1  # an old pickle holds an array
        # NumPy's narrow numbers would be multiplied as narrowly.
        learning_rate, beta1, beta2 = map(float, (self.learning_rate, self.beta1, self.beta2))
        # Both divisors are numbers, so the root of the second is taken once, not for each entry.
        root = math.sqrt(1 - beta2**steps)
        rate = learning_rate * root / (1 - beta1**steps)
        least, shallow = _least_and_shallow(first.dtype)
        epsilon = max(float(self.epsilon) * root, least)
        if epsilon < shallow:
            _remember_roots(state)
        second = state["square"] if "square" in state else state["root"]
        for theta, g, mean, average, *decaying, change in _blocks(
            parameters, gradient, first, second, *decays
        ):
            np.multiply(g, g, out=change, dtype=change.dtype)
            if not _largest(change) < np.inf:
                _remember_roots(state)
            if "square" in state:
                _move(average, change, beta2, change)
                _move(mean, g, beta1, change)
                np.sqrt(average, out=change)
                change += epsilon
            else:
                _remember_extremes(g, mean, average, beta1, beta2, change)
                np.add(average, epsilon, out=change)
            np.divide(mean, change, out=change)
            change *= rate
            for decay in decaying:
                shrinkage = np.multiply(theta, decay, dtype=change.dtype)
                shrinkage *= learning_rate * float(self.weight_decay)
                change += shrinkage
            np.subtract(theta, change, out=theta)


OPTIMIZERS = {cls.__name__: cls for cls in (GradientDescent, Momentum, Adam)}


def _blocks(
    parameters: NDArray[np.floating], *others: NDArray[Any]
) -> Iterator[tuple[NDArray[Any], ...]]:
    """A few parameters at a time, what goes with them, and room for their change."""
    dtype = _precision(parameters)
    check_writeable(parameters, "parameters")
    if parameters.size <= BLOCK:
        yield parameters, *others, np.empty_like(parameters, dtype)
        return
    step = max(1, BLOCK * len(parameters) // parameters.size)
    room = np.empty_like(parameters[:step], dtype)
    for start in range(0, len(parameters), step):
        block = [array[start : start + step] for array in (parameters, *others)]
        yield *block, room[: len(block[0])]


def _foreign(missing: KeyError) -> ValueError:
    return ValueError(
        f"state must be what start of this optimiser returned; got one without {missing}"
    )


def _largest(array: NDArray[np.floating]) -> Any:
    """The largest entry, or nan where there is one."""
    flat = array.ravel(order="K")  # NumPy is faster at finding a place than a value
    return flat[flat.argmax()] if flat.size else -np.inf


def _remember_roots(state: dict[str, Any]) -> None:
    """From now on remember not the average square but its root: it has the range of the slopes."""
    if "square" in state:
        state["root"] = state.pop("square")
        np.sqrt(state["root"], out=state["root"])


def _remember_extremes(
    g: NDArray[np.floating],
    mean: NDArray[np.floating],
    root: NDArray[np.floating],
    beta1: float,
    beta2: float,
    change: NDArray[np.floating],
) -> None:
    """Both averages without a square or a difference that could leave the dtype's range."""
    steepest = np.maximum(root, np.abs(g))
    size = np.hypot(root * math.sqrt(beta2), g * math.sqrt(1 - beta2))
    np.minimum(size, steepest, out=root)
    mean /= 2
    _move(mean, g / 2, beta1, change)
    mean *= 2


@cache
def _least_and_shallow(dtype: np.dtype[Any]) -> tuple[float, float]:
    """The least epsilon above 0, and the one below which slopes count whose square underflows."""
    limits = np.finfo(dtype)
    least = max(float(limits.smallest_subnormal), math.ulp(0.0))
    return least, math.sqrt(float(limits.tiny)) / float(limits.eps)


def _move(
    average: NDArray[np.floating],
    value: NDArray[np.floating],
    decay: float,
    room: NDArray[np.floating],
) -> None:
    """Move a running average towards a new value, in place.

    Of two ways to write it, each keeps the digits that the other loses: of what is new where the
    average forgets fast, and of 1 - decay where it forgets slowly.
    """
    if decay < 0.5:
        average *= decay
        np.multiply(value, 1 - decay, out=room, dtype=room.dtype)
    else:
        np.subtract(value, average, out=room)
        room *= 1 - decay
    average += room


def _precision(parameters: NDArray[np.floating]) -> np.dtype[Any]:
    """What to compute in: float16 is too narrow."""
    if not isinstance(parameters, np.ndarray) or parameters.dtype.kind != "f":
        kind = getattr(parameters, "dtype", type(parameters).__name__)
        raise TypeError(f"parameters must be an array of floating dtype; got {kind}")
    if type(parameters) is not np.ndarray:
        check_nothing_is_masked(parameters, "parameters")
    dtype = parameters.dtype
    if dtype.itemsize >= 4 and dtype.isnative:  # by far the commonest case
        return dtype
    return np.result_type(dtype, np.float32)


def _as_gradient(gradient: Any, parameters: NDArray[np.floating]) -> NDArray[Any]:
    if type(gradient) is np.ndarray is type(parameters) and (
        (gradient.dtype, gradient.shape) == (parameters.dtype, parameters.shape)
    ):
        return gradient  # by far the commonest case
    gradient = as_real(gradient, "gradient")
    if gradient.shape != np.shape(parameters):
        raise ValueError(
            f"gradient must have the shape of the parameters, {np.shape(parameters)}; "
            f"got {gradient.shape}"
        )
    return gradient


def _as_decay(value: float, name: str) -> float:
    decay = as_number(value, name, low=0)
    if decay >= 1:
        raise ValueError(f"{name} must be below 1; got {decay}")
    return decay
