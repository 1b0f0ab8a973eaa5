"""The training loop: shuffled mini-batches, optimiser steps, history, callbacks, progress."""

from __future__ import annotations

import copy
import shutil
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from ._core.arrays import as_array
from ._core.validate import (
    as_count,
    as_flag,
    as_generator,
    as_index,
    as_number,
    check_methods,
    check_writeable,
)

if TYPE_CHECKING:
    from .optimizers import Optimizer

History = dict[str, list[float]]
Objective = Callable[[NDArray[np.floating], NDArray[np.intp]], tuple[float, NDArray[np.floating]]]
Callback = Callable[[dict[str, Any], NDArray[np.floating]], bool | None]


class ConvergenceWarning(UserWarning):
    """Training stopped before it reached what it was asked for."""


@dataclass(eq=False)
class EarlyStopping:
    r"""Stop when the validation loss no longer falls, and go back to the best parameters.

    .. math:: \text{loss}_t < \text{best} - \delta

    So an epoch t becomes the new best. Training stops when the last one is p epochs ago.

    Parameters
    ----------
    patience : int, default 10
        Epochs p without a new best that are allowed; at least 1.
    min_delta : float, default 0.0
        By how much δ a loss must be below the best to be a new best; at least 0.

    Raises
    ------
    ValueError
        If a setting is out of its range, or training runs without validation data.

    See Also
    --------
    train : calls it after every epoch.

    Notes
    -----
    One object serves one fit after another: it starts afresh at epoch 1. The best parameters
    come back wherever training ends by itself: where the epochs run out, another callback stops
    it, or it diverges. Ctrl-C leaves those of the last whole epoch.

    References
    ----------
    .. [1] L. Prechelt, "Early Stopping - But When?", in Neural Networks: Tricks of the Trade,
       Springer, 1998.

    Examples
    --------
    The loss falls, then rises: two epochs later it stops and restores what was best.

    >>> import numpy as np
    >>> stop, parameters = EarlyStopping(patience=2), np.array([0.0])
    >>> for epoch, loss in enumerate([0.9, 0.5, 0.6, 0.7], start=1):
    ...     parameters[0] = epoch
    ...     print(epoch, stop({"epoch": epoch, "validation_loss": loss}, parameters))
    1 False
    2 False
    3 False
    4 True
    >>> parameters
    array([2.])
    """

    patience: int = 10
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        self.patience = as_count(self.patience, "patience")
        self.min_delta = as_number(self.min_delta, "min_delta", low=0)
        self._best_loss, self._best_epoch = np.inf, 0
        self._best_parameters: NDArray[np.floating] | None = None

    def __call__(self, record: dict[str, Any], parameters: NDArray[np.floating]) -> bool:
        """Return True to stop."""
        if "validation_loss" not in record:
            raise _no_validation_loss()
        loss = record["validation_loss"]
        # The first epoch is the best so far even if its loss is nan; any number beats it.
        if record["epoch"] == 1 or loss < self._best_loss - self.min_delta:
            self._best_loss = np.inf if np.isnan(loss) else loss
            self._best_epoch = record["epoch"]
            self._best_parameters = parameters.copy()
        if record["epoch"] - self._best_epoch < self.patience:
            return False
        self.finish(parameters)
        return True

    def finish(self, parameters: NDArray[np.floating]) -> None:
        """Go back to the best parameters, once there are any."""
        if self._best_parameters is not None:
            parameters[...] = self._best_parameters


def _no_validation_loss() -> ValueError:
    return ValueError("EarlyStopping must see a validation loss: pass validation_data to fit")


def train(
    objective: Objective,
    parameters: NDArray[np.floating],
    n_examples: int,
    *,
    optimizer: Optimizer,
    batch_size: int | None,
    epochs: int,
    rng: np.random.Generator,
    state: dict[str, Any] | None = None,
    validate: Callable[[NDArray[np.floating]], dict[str, float]] | None = None,
    callbacks: Sequence[Callback] = (),
    progress: bool | None = None,
    history: History | None = None,
) -> History:
    r"""Descend on mini-batches, changing the parameters in place.

    .. math:: \theta \leftarrow \text{step}(\theta, \nabla J_B(\theta))

    An epoch is a fresh shuffle, and one such step for each of its batches B.

    Parameters
    ----------
    objective : callable
        ``objective(parameters, rows)`` returns the cost on the examples `rows` and its
        gradient, of the shape of `parameters`.
    parameters : ndarray, shape (p,)
        Where to start; it holds the result on return.
    n_examples : int
        Number of examples m.
    optimizer : Optimizer
        How a gradient becomes a step: `GradientDescent`, `Momentum`, `Adam`, or an object of your
        own with ``start`` and ``step``.
    batch_size : int or None
        Examples a step; None means all of them, in their own order.
    epochs : int
        Passes over the data.
    rng : numpy.random.Generator
        Shuffles the examples.
    state : dict, optional
        What the optimiser remembers from earlier steps; a fresh start by default.
    validate : callable, optional
        ``validate(parameters)`` returns a dict of numbers to record after each epoch.
    callbacks : sequence of callable, default ()
        Each is called as ``callback(record, parameters)`` after each epoch with the newest
        record; training stops when one returns True, and at nothing else that one returns. Where
        one has a method ``finish``, that is called with the parameters when training has ended by
        itself after an epoch or more.
    progress : bool, optional
        Draw a bar on stderr; by default only where a person watches a terminal, so not in a
        notebook, where True draws one.
    history : dict of list, optional
        Where to record; a new dict by default. What it held is forgotten first. A caller who
        passes one has the epochs so far even where training is interrupted.

    Returns
    -------
    dict of list
        ``"epoch"``, counted from 1, ``"cost"``, the mean over the epoch's batches, and what
        `validate` returned.

    Raises
    ------
    TypeError
        If the optimiser lacks a method, a callback cannot be called, or an argument is of another
        type.
    ValueError
        If a number is out of its range, `state` is that of another optimiser, a callback cannot
        work with what is recorded, or `validate` returns other names than before, ``"epoch"`` or
        ``"cost"``.

    Warns
    -----
    ConvergenceWarning
        If the cost or a parameter is no longer finite.

    See Also
    --------
    SoftmaxNetwork : uses it.
    EarlyStopping : a callback.

    Notes
    -----
    An epoch counts whole or not at all. When the cost is no longer finite, training stops with a
    `ConvergenceWarning`; an error and Ctrl-C (KeyboardInterrupt) go on to the caller. In each
    case `parameters` and `state` are again what they were after the last whole epoch.

    References
    ----------
    .. [1] L. Bottou, F. E. Curtis and J. Nocedal, "Optimization Methods for Large-Scale
       Machine Learning", SIAM Review, 2018.

    Examples
    --------
    The mean of four numbers, found by descent:

    >>> import numpy as np
    >>> from softmax_lib.optimizers import GradientDescent
    >>> data, theta = np.array([1.0, 2.0, 3.0, 6.0]), np.zeros(1)
    >>> def objective(theta, rows):
    ...     error = theta - data[rows]
    ...     return (error**2).mean() / 2, np.array([error.mean()])
    >>> history = train(objective, theta, 4, optimizer=GradientDescent(0.5), batch_size=None,
    ...                 epochs=30, rng=np.random.default_rng(0))
    >>> theta.round(4), len(history["cost"])
    (array([3.]), 30)
    """
    history = {} if history is None else history
    due = _train(
        objective,
        parameters,
        n_examples,
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=epochs,
        rng=rng,
        state=state,
        history=history,
        validate=validate,
        callbacks=callbacks,
        progress=progress,
    )
    for warning in due:
        warnings.warn(warning, stacklevel=2)
    return history


def _as_callbacks(callbacks: Any, *, validated: bool) -> Sequence[Callback]:
    """A list of functions, or of objects that can be called; some need something `validated`."""
    if not isinstance(callbacks, (tuple, list)) or not all(map(callable, callbacks)):
        raise TypeError(f"callbacks must be a list of functions; got {callbacks!r}")
    for callback in callbacks:
        if isinstance(callback, type):
            name = callback.__name__
            raise TypeError(
                f"callbacks must be a list of functions; got the class {name}: "
                f"pass an object of it, {name}()"
            )
        if isinstance(callback, EarlyStopping) and not validated:
            raise _no_validation_loss()
        _check_takes_two(callback)
    return callbacks


def _check_takes_two(callback: Callback) -> None:
    """Refuse before training what could not be called after the first epoch."""
    import inspect  # not for every import of the package

    try:
        signature = inspect.signature(callback)
    except ValueError:  # of a function that does not tell
        return
    try:
        signature.bind({}, None)
    except TypeError as error:
        name = getattr(callback, "__name__", type(callback).__name__)
        raise TypeError(
            f"callbacks must take two arguments, record and parameters; got {name}{signature}"
        ) from error


class _DivergenceError(ArithmeticError):
    """A number of the training is no longer finite."""


def _train(
    objective: Objective,
    parameters: NDArray[np.floating],
    n_examples: int,
    *,
    optimizer: Optimizer,
    batch_size: int | None,
    epochs: int,
    rng: np.random.Generator,
    state: dict[str, Any] | None,
    history: History,
    validate: Callable[[NDArray[np.floating]], dict[str, float]] | None = None,
    callbacks: Sequence[Callback] = (),
    progress: bool | None = None,
) -> list[Warning]:
    """Train as `train` does, and return the warnings that are due."""
    as_count(n_examples, "n_examples")
    _check_function(objective, "objective")
    if validate is not None:
        _check_function(validate, "validate")
    if as_index(epochs, "epochs") < 0:
        raise ValueError(f"epochs must be at least 0; got {epochs}")
    if batch_size is not None:
        as_count(batch_size, "batch_size")
    rng = as_generator(rng, "rng")
    if not isinstance(parameters, np.ndarray):
        raise TypeError(f"parameters must be an array; got {type(parameters).__name__}")
    check_writeable(parameters, "parameters")
    if progress is not None:
        progress = as_flag(progress, "progress")
    callbacks = _as_callbacks(callbacks, validated=validate is not None)
    check_methods(optimizer, "optimizer", "start", "step")
    state = optimizer.start(parameters) if state is None else state
    if not isinstance(state, dict):
        raise TypeError(f"optimizer.start must return a dict, the state; got {state!r}")
    if not isinstance(history, dict):
        raise TypeError(f"history must be a dict; got {history!r}")
    history.clear()
    history.update(epoch=[], cost=[])
    due: list[Warning] = []
    epoch, names = 0, None
    try:
        with _ProgressBar(epochs, progress) as bar:
            for epoch in range(1, epochs + 1):
                with _rolled_back_on_error(parameters, state, rng, history):
                    batches = _batches(n_examples, batch_size, rng)
                    cost = _one_epoch(objective, parameters, batches, optimizer, state)
                    measured = _measured(validate, parameters, names)
                    names = set(measured)
                    record = {"epoch": epoch, "cost": cost, **measured}
                    for key, value in record.items():
                        history.setdefault(key, []).append(value)
                bar.show(record)
                # Every callback sees every epoch, even if an earlier one stops.
                stops = [callback(record, parameters) for callback in callbacks]
                # What writes a line of a log returns its length: only True stops.
                if any(isinstance(stop, (bool, np.bool_)) and stop for stop in stops):
                    break
    except _DivergenceError as divergence:
        message = f"training stopped in epoch {epoch}: {divergence}; try a smaller learning_rate"
        due.append(ConvergenceWarning(message))
    for callback in callbacks if history["epoch"] else ():
        getattr(callback, "finish", _do_nothing)(parameters)
    return due


def _check_function(value: Any, name: str) -> None:
    if not callable(value):
        raise TypeError(f"{name} must be a function; got {value!r}")


def _measured(
    validate: Callable[[NDArray[np.floating]], dict[str, float]] | None,
    parameters: NDArray[np.floating],
    names: set[str] | None,
) -> Mapping[str, float]:
    measured = validate(parameters) if validate else {}
    if not isinstance(measured, Mapping) or not all(map(_is_number, measured.values())):
        raise TypeError(f"validate must return a dict of numbers to record; got {measured!r}")
    if not all(isinstance(name, str) for name in measured):
        raise TypeError(f"validate must return a dict whose names are text; got {measured!r}")
    if measured.keys() & {"epoch", "cost"}:
        raise ValueError(
            f"validate must leave 'epoch' and 'cost' to the training; got {measured!r}"
        )
    if names is not None and measured.keys() != names:
        raise ValueError(
            f"validate must return the same names after each epoch; got {list(measured)} "
            f"after {sorted(names)}"
        )
    # Python's numbers go into any file, and of an array it is the one that it holds now: the next
    # epoch may overwrite it.
    return {
        name: value.item() if isinstance(value, (np.ndarray, np.generic)) else value
        for name, value in measured.items()
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) or (
        isinstance(value, (np.ndarray, np.generic))
        and not value.ndim
        and value.dtype.kind in "biuf"
    )


def _do_nothing(parameters: NDArray[np.floating]) -> None:
    """What a callback without a method `finish` does at the end."""


@contextmanager
def _rolled_back_on_error(
    parameters: NDArray[np.floating],
    state: dict[str, Any],
    rng: np.random.Generator,
    history: History,
) -> Iterator[None]:
    """Take back the steps of an epoch that does not come to its end, its shuffle and record."""
    parameters_before, state_before = parameters.copy(), _copied(state)
    epochs_before = len(history["epoch"])
    shuffle_before = rng.bit_generator.state
    try:
        yield
    except BaseException:  # Ctrl-C too
        parameters[...] = parameters_before
        state.clear()
        state.update(state_before)
        rng.bit_generator.state = shuffle_before
        for values in history.values():
            del values[epochs_before:]
        raise


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    try:
        return copy.deepcopy(state)
    except Exception as error:  # a generator cannot be copied, nor a lock
        raise TypeError(
            f"optimizer.start must return a state that can be copied, so that an epoch can be "
            f"taken back: {error}"
        ) from error


def _one_epoch(
    objective: Objective,
    parameters: NDArray[np.floating],
    batches: list[NDArray[np.intp]],
    optimizer: Optimizer,
    state: dict[str, Any],
) -> float:
    total, seen = 0.0, 0
    with np.errstate(all="ignore"):
        for rows in batches:
            cost, gradient = _as_cost_and_gradient(objective(parameters, rows))
            returned: object = optimizer.step(parameters, gradient, state)  # type: ignore[func-returns-value]
            if returned is not None:
                raise TypeError(
                    f"optimizer.step must change the parameters in place and return None; "
                    f"got {type(returned).__name__}"
                )
            total += cost * len(rows)
            seen += len(rows)
    cost = total / seen
    if not np.isfinite(cost):
        raise _DivergenceError(f"the cost became {cost:.4g}")
    if not np.isfinite(parameters).all():
        raise _DivergenceError("a parameter is no longer finite")
    return cost


def _as_cost_and_gradient(returned: Any) -> tuple[float, Any]:
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise TypeError(
            f"objective must return a pair, the cost and its gradient; got {returned!r}"
        )
    cost, gradient = returned
    if not isinstance(cost, float):
        number = as_array(cost, "the cost that objective returns", "one number")
        if number.dtype.kind not in "biuf" or number.size != 1:
            raise TypeError(f"objective must return one number as the cost; got {cost!r}")
        cost = float(number.reshape(()))
    return cost, gradient


def _batches(
    n_examples: int, batch_size: int | None, rng: np.random.Generator
) -> list[NDArray[np.intp]]:
    if batch_size is None:
        return [np.arange(n_examples)]
    order = rng.permutation(n_examples)
    return [order[start : start + batch_size] for start in range(0, n_examples, batch_size)]


class _ProgressBar:
    """A progress bar of one line on stderr, drawn at most ten times a second."""

    widest, narrowest = 24, 8

    def __init__(self, total: int, progress: bool | None) -> None:
        self.wanted = total > 0 and (_is_watched() if progress is None else progress)
        self.total = total
        self.drawn_at = -1.0
        self.line = ""
        self.waiting: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.waiting:
            self._draw(self.waiting)
        if self.line:
            self._write("\n")

    def show(self, record: dict[str, Any]) -> None:
        if not self.wanted:
            return
        now = time.monotonic()
        if now - self.drawn_at < 0.1:
            self.waiting = record
            return
        self.drawn_at, self.waiting = now, None
        self._draw(record)

    def _draw(self, record: dict[str, Any]) -> None:
        count = f"epoch {record['epoch']}/{self.total} "
        numbers = " ".join(
            f" {name.replace('_', ' ')} {value:.4f}"
            for name, value in record.items()
            if name != "epoch"
        )
        # A line that wraps could not be drawn over; the numbers matter more than the bar.
        columns = shutil.get_terminal_size().columns - 1
        width = min(self.widest, columns - len(count) - len(numbers))
        filled = width * record["epoch"] // self.total
        bar = "█" * filled + "░" * (width - filled) if width >= self.narrowest else ""
        line = f"{count}{bar}{numbers}"[:columns]
        self._write("\r" + line.ljust(len(self.line)))
        self.line = line

    def _write(self, text: str) -> None:
        """Write to stderr; what cannot be written ends the bar, and not the training."""
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (AttributeError, ValueError, OSError):  # none, closed, no file, or ASCII alone
            self.wanted = False


def _is_watched() -> bool:
    """Whether a person watches a terminal; what stands for stderr may not know."""
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False
