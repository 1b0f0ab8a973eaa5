"""Truncated Newton descent for a smooth convex function."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Operator = Callable[[Vector], Vector]
Values = tuple[float, Vector, Operator]


class Descent(NamedTuple):
    """Where a descent ended, and why."""

    x: Vector
    norm: float
    steps: int
    end: Literal["optimum", "max_iter", "rounding"]  # which overflow counts as


def norm_of(gradient: Vector) -> float:
    return math.sqrt(gradient @ gradient)


def rounding_of(cost: float, x: Vector) -> float:
    """How far rounding may move a cost of this size."""
    return float(8 * np.finfo(x.dtype).eps * max(1.0, abs(cost)))


def minimise(
    function: Callable[[Vector], Values],
    start: Vector,
    *,
    tol: float,
    max_iter: int,
    preconditioner: Callable[[], Operator | None] = lambda: None,
    norm: Callable[[Vector], float] = norm_of,
    rounding: Callable[[float, Vector], float] = rounding_of,
) -> Descent:
    """Descend until the gradient's norm is at most `tol`, or no step can gain what shows.

    ``function(x)`` returns the cost, the gradient, and a function that multiplies a vector by
    the Hessian at x. ``preconditioner()`` returns a function that nearly divides by the Hessian
    at the x of the last call, or None. ``rounding(cost, x)`` is how far rounding may move the cost
    at x.
    """
    x = start.copy()
    cost, gradient, hessian_times = function(x)
    first = length = norm(gradient)
    steps = 0
    rough = True
    while not length <= tol:
        if not np.isfinite(length):
            return Descent(x, length, steps, "rounding")
        if steps == max_iter:
            return Descent(x, length, steps, "max_iter")
        # Far from the optimum a rough direction is enough; near it, precision pays (Dembo and
        # Steihaug 1983). No step need aim below `tol`.
        share = min(0.5, (length / first) ** 0.5) if rough else 1e-6
        direction = conjugate_gradient(
            hessian_times, -gradient, 0.5 * tol, preconditioner(), share=share, norm=norm
        )
        noise = rounding(cost, x)
        found = _line_search(function, x, cost, gradient, direction, norm, noise)
        if found is not None:
            x, (cost, gradient, hessian_times) = found
            length = norm(gradient)
            steps += 1
            rough = True
        elif rough:  # the tries have moved what is known of the Hessian: back to x
            rough = False
            cost, gradient, hessian_times = function(x)
        else:
            gain = -(gradient @ direction) / 2
            return Descent(x, length, steps, "optimum" if gain <= noise else "rounding")
    return Descent(x, length, steps, "optimum")


def conjugate_gradient(
    matrix_times: Operator,
    right: Vector,
    tolerance: float,
    precondition: Operator | None = None,
    *,
    share: float = 0.0,
    norm: Callable[[Vector], float] = norm_of,
) -> Vector:
    """Solve A x = right for a positive semi-definite A, from x = 0.

    From zero, x stays in the range of A, so directions in which A is flat are left alone: that
    is how the singular Hessian of an unpenalised bias does no harm. ``precondition(r)`` nearly
    divides by A, which saves steps; by default it does nothing. It ends where the residual's norm
    is at most `tolerance`, or its length, as the preconditioner measures it, that share of the
    first.
    """
    precondition = precondition or (lambda residual: residual)
    x = np.zeros_like(right)
    residual = right.copy()
    direction = precondition(residual).copy()
    # The residual's squared length, as the preconditioner measures it.
    first = square = residual @ direction
    for _ in range(10 * len(right)):
        product = matrix_times(direction)
        curvature = direction @ product
        if not curvature > 1e-14 * square:
            return x if x.any() else right
        step = square / curvature
        x += step * direction
        residual -= step * product
        if norm(residual) <= tolerance:
            break
        scaled = precondition(residual)
        square, last = residual @ scaled, square
        if square <= share**2 * first:
            break
        direction *= square / last
        direction += scaled
    return x


def _line_search(
    function: Callable[[Vector], Values],
    x: Vector,
    cost: float,
    gradient: Vector,
    direction: Vector,
    norm: Callable[[Vector], float],
    noise: float,
) -> tuple[Vector, Values] | None:
    """Halve the step until the cost falls enough, or give up when rounding hides any fall."""
    slope = gradient @ direction
    length = norm(gradient)
    step = 1.0
    for _ in range(50):
        point = x + step * direction
        values = function(point)
        falls = values[0] <= cost + 1e-4 * step * slope
        # Near the optimum the fall drowns in the cost's rounding; there the gradient decides.
        hidden = abs(values[0] - cost) <= noise and norm(values[1]) < length
        if (falls and step * -slope > noise) or hidden:
            return point, values
        step /= 2
    return None
