"""Truncated Newton descent for a smooth convex function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Operator = Callable[[Vector], Vector]
Values = tuple[float, Vector, Operator]


def minimise(
    function: Callable[[Vector], Values],
    start: Vector,
    *,
    tol: float,
    max_iter: int,
    preconditioner: Callable[[], Operator | None] = lambda: None,
) -> tuple[Vector, float, int]:
    """Descend until the gradient's norm is at most `tol`; return the point, that norm, the steps.

    ``function(x)`` returns the cost, the gradient, and a function that multiplies a vector by
    the Hessian at x. ``preconditioner()`` returns a function that nearly divides by the Hessian
    at the x of the last call, or None.
    """
    x = start.copy()
    cost, gradient, hessian_times = function(x)
    first = norm = float(np.linalg.norm(gradient))
    steps = 0
    while steps < max_iter and norm > tol:  # nan, too, ends the descent
        # Far from the optimum a rough direction is enough; near it, precision pays (Dembo and
        # Steihaug 1983). No step need aim below `tol`.
        precision = max(min(0.5, (norm / first) ** 0.5) * norm, 0.5 * tol)
        direction = conjugate_gradient(hessian_times, -gradient, precision, preconditioner())
        found = _line_search(function, x, cost, gradient, direction)
        if found is None:
            break
        x, (cost, gradient, hessian_times) = found
        norm = float(np.linalg.norm(gradient))
        steps += 1
    return x, norm, steps


def conjugate_gradient(
    matrix_times: Operator, right: Vector, tolerance: float, precondition: Operator | None = None
) -> Vector:
    """Solve A x = right for a positive semi-definite A, from x = 0.

    From zero, x stays in the range of A, so directions in which A is flat are left alone: that
    is how the singular Hessian of an unpenalised bias does no harm. ``precondition(r)`` nearly
    divides by A, which saves steps; by default it does nothing.
    """
    precondition = precondition or (lambda residual: residual)
    x = np.zeros_like(right)
    residual = right.copy()
    direction = precondition(residual).copy()
    # The residual's squared length, as the preconditioner measures it.
    square = residual @ direction
    for _ in range(10 * len(right)):
        product = matrix_times(direction)
        curvature = direction @ product
        if not curvature > 1e-14 * square:
            return x if x.any() else right
        step = square / curvature
        x += step * direction
        residual -= step * product
        if residual @ residual <= tolerance**2:
            break
        scaled = precondition(residual)
        square, last = residual @ scaled, square
        direction *= square / last
        direction += scaled
    return x


def _line_search(
    function: Callable[[Vector], Values],
    x: Vector,
    cost: float,
    gradient: Vector,
    direction: Vector,
) -> tuple[Vector, Values] | None:
    """Halve the step until the cost falls enough, or give up when rounding hides any fall."""
    slope = gradient @ direction
    norm = np.linalg.norm(gradient)
    # Near the optimum the fall drowns in the cost's own rounding; there the gradient decides.
    noise = 8 * np.finfo(x.dtype).eps * max(1.0, abs(cost))
    step = 1.0
    for _ in range(50):
        point = x + step * direction
        values = function(point)
        falls = values[0] <= cost + 1e-4 * step * slope
        hidden = abs(values[0] - cost) <= noise and np.linalg.norm(values[1]) < norm
        if (falls and step * -slope > noise) or hidden:
            return point, values
        step /= 2
    return None
