"""Automatic differentiation: arrays that remember how they were computed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core.among_arrays import AmongArrays
from ._core.validate import as_floating
from .losses import cross_entropy_and_gradient

Rule = Callable[[NDArray[np.floating]], tuple[NDArray[np.floating], ...]]


class Tensor(AmongArrays):
    r"""An array that knows what it was computed from, and so can find gradients by itself.

    .. math:: \frac{\partial J}{\partial x} = \sum_{y \text{ computed from } x}
              \frac{\partial J}{\partial y} \frac{\partial y}{\partial x}

    Parameters
    ----------
    data : array_like
        Real numbers, which are copied. Floating dtypes stay, other numbers become float64.
    parents : tuple of Tensor, optional
        What it was computed from; the operations fill this in.
    rule : callable, optional
        Takes the gradient of a result by this tensor, an array of its shape, and returns those
        by each parent.

    Attributes
    ----------
    data : ndarray
        The values.
    grad : ndarray
        The sum of all gradients that `backward` has left here; 0 at first.
    parents, rule
        As given.

    Raises
    ------
    TypeError
        If `data` does not hold real numbers, or something in it is masked.
    ValueError
        In `backward`, if there is more than one value; in a matrix product, if an operand has
        fewer than two axes.

    See Also
    --------
    cross_entropy_and_gradient : what the method `cross_entropy` stands on.
    check_gradient : asks finite differences.

    Notes
    -----
    Tensors, arrays and numbers mix in ``+ - * / @``, and broadcast as NumPy's arrays do; an
    exponent is a number. Comparisons and truth are those of the values. The gradient by something
    that was stretched is summed back to its shape. Where several entries tie for a maximum, they
    share its gradient; the derivative of `relu` at 0 is 0; the gradient at nan is nan. A pickle or
    a copy holds values and gradients, and not what they were computed from.

    A step must change `data` only when the graph behind a result is no longer needed: gradients
    are computed from the values that `backward` finds.

    Composed as the logarithm of a softmax, a cross-entropy overflows or takes the logarithm of
    0, and its gradients become nan: correct rules do not cure numerics. The method `cross_entropy`
    is one operation, with the stable formula and the gradient Ŷ − Y.

    References
    ----------
    .. [1] A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind, "Automatic
       Differentiation in Machine Learning: a Survey", Journal of Machine Learning Research, 2018.

    Examples
    --------
    The derivative of x · x is 2x: it is used twice, and both uses count.

    >>> x = Tensor(3.0)
    >>> (x * x).backward()
    >>> x.grad
    array(6.)

    A certain mistake costs 800 and pulls with all its force; composed, it would be nan:

    >>> z = Tensor([0.0, -800.0])
    >>> z.cross_entropy(1).backward()
    >>> z.grad
    array([ 1., -1.])

    A step changes the data; then the slopes are forgotten, or the next would be added to them:

    >>> w = Tensor([1.0, 2.0])
    >>> (w * w).sum().backward()
    >>> w.data -= 0.25 * w.grad
    >>> w.zero_grad()
    """

    def __init__(
        self, data: ArrayLike, parents: tuple[Tensor, ...] = (), rule: Rule | None = None
    ) -> None:
        array = as_floating(data, "data")
        self.data = array if parents else array.copy()
        self.grad = np.zeros_like(self.data)
        self.parents = parents
        self.rule: Any = rule

    def __repr__(self) -> str:
        return f"Tensor({np.array2string(self.data, separator=', ', prefix='Tensor(')})"

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self.data, "grad": self.grad, "parents": (), "rule": None}

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the data."""
        return self.data.shape

    # --- backwards ---

    def backward(self) -> None:
        """Add to `grad`, here and in all that this one number was computed from, its gradient."""
        if self.data.size != 1:
            raise ValueError(
                f"backward needs one number, such as a mean loss; this tensor has "
                f"shape {self.shape}"
            )
        gradients = {self: np.ones_like(self.data)}
        for node in reversed(self._history()):
            gradient = gradients.pop(node)
            node.grad += gradient
            if node.parents:
                for parent, part in zip(node.parents, node.rule(gradient), strict=True):
                    gradients[parent] = gradients.get(parent, 0) + _unstretched(part, parent.shape)

    def zero_grad(self) -> None:
        """Forget the gradients so far."""
        self.grad[...] = 0

    def _history(self) -> list[Tensor]:
        """This tensor and all behind it, each after its parents."""
        history, seen, stack = [], set(), [(self, False)]
        while stack:
            node, parents_are_in = stack.pop()
            if parents_are_in:
                history.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        return history

    # --- operations, each with its rule ---

    def __add__(self, other: Tensor | ArrayLike) -> Tensor:
        other = self._lift(other)
        return Tensor(self.data + other.data, (self, other), lambda g: (g, g))

    def __sub__(self, other: Tensor | ArrayLike) -> Tensor:
        other = self._lift(other)
        return Tensor(self.data - other.data, (self, other), lambda g: (g, -g))

    def __mul__(self, other: Tensor | ArrayLike) -> Tensor:
        other = self._lift(other)
        return Tensor(
            self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data)
        )

    def __truediv__(self, other: Tensor | ArrayLike) -> Tensor:
        other = self._lift(other)
        quotient = self.data / other.data
        return Tensor(
            quotient, (self, other), lambda g: (g / other.data, -g * quotient / other.data)
        )

    def __matmul__(self, other: Tensor | ArrayLike) -> Tensor:
        other = self._lift(other)
        if min(self.data.ndim, other.data.ndim) < 2:
            raise ValueError(
                f"a matrix product needs two axes or more on both sides; "
                f"got shapes {self.shape} and {other.shape}"
            )
        return Tensor(
            self.data @ other.data, (self, other), lambda g: (g @ other.data.mT, self.data.mT @ g)
        )

    def __neg__(self) -> Tensor:
        return Tensor(-self.data, (self,), lambda g: (-g,))

    def __radd__(self, other: Tensor | ArrayLike) -> Tensor:
        return self + other

    def __rmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return self * other

    def __rsub__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._lift(other) - self

    def __rtruediv__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._lift(other) / self

    def __rmatmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._lift(other) @ self

    def __pow__(self, exponent: float) -> Tensor:
        if not isinstance(exponent, Real):
            raise TypeError(f"the exponent must be a number; got {type(exponent).__name__}")
        factor = exponent * self.data ** (exponent - 1) if exponent else 0 * np.sign(self.data)
        return Tensor(self.data**exponent, (self,), lambda g: (g * factor,))

    def __getitem__(self, index: Any) -> Tensor:
        index = copy.deepcopy(index)  # what changes it later moves no gradient

        def rule(g: NDArray[np.floating]) -> tuple[NDArray[np.floating], ...]:
            scattered = np.zeros_like(self.data)
            np.add.at(scattered, index, g)
            return (scattered,)

        return Tensor(self.data[index], (self,), rule)

    @property
    def T(self) -> Tensor:
        """Return the transpose: all axes in reverse order."""
        return Tensor(self.data.T, (self,), lambda g: (g.T,))

    def exp(self) -> Tensor:
        """Raise e to each entry."""
        power = np.exp(self.data)
        return Tensor(power, (self,), lambda g: (g * power,))

    def log(self) -> Tensor:
        """Take the natural logarithm of each entry."""
        return Tensor(np.log(self.data), (self,), lambda g: (g / self.data,))

    def sqrt(self) -> Tensor:
        """Take the square root of each entry."""
        root = np.sqrt(self.data)
        return Tensor(root, (self,), lambda g: (g / (2 * root),))

    def tanh(self) -> Tensor:
        """Take the hyperbolic tangent of each entry."""
        tangent = np.tanh(self.data)
        return Tensor(tangent, (self,), lambda g: (g * (1 - tangent**2),))

    def relu(self) -> Tensor:
        """Cut negative entries to 0."""
        return Tensor(
            np.maximum(self.data, 0), (self,), lambda g: (g * np.heaviside(self.data, 0),)
        )

    def reshape(self, *shape: Any) -> Tensor:
        """Arrange the entries in another shape."""
        return Tensor(self.data.reshape(*shape), (self,), lambda g: (g.reshape(self.shape),))

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """Add up the entries along an axis, several, or all."""
        total = self.data.sum(axis=axis, keepdims=True)
        return Tensor(
            total if keepdims else total.squeeze(axis),
            (self,),
            lambda g: (np.broadcast_to(g.reshape(total.shape), self.shape),),
        )

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """Average the entries along an axis, several, or all."""
        total = self.sum(axis, keepdims)
        return total / (self.data.size // max(total.data.size, 1))

    def max(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Tensor:
        """Find the largest entry along an axis, several, or all."""
        largest = self.data.max(axis=axis, keepdims=True)

        def rule(g: NDArray[np.floating]) -> tuple[NDArray[np.floating], ...]:
            winners = np.where(np.isnan(largest), largest, self.data == largest)
            return (winners / winners.sum(axis, keepdims=True) * g.reshape(largest.shape),)

        return Tensor(largest if keepdims else largest.squeeze(axis), (self,), rule)

    def cross_entropy(self, targets: ArrayLike, *, axis: int = -1, **options: Any) -> Tensor:
        """Compute the loss of these logits: `softmax_lib.cross_entropy`, all options included."""
        loss, gradient = cross_entropy_and_gradient(self.data, targets, axis=axis, **options)
        return Tensor(
            loss, (self,), lambda g: (gradient * (np.expand_dims(g, axis) if g.ndim else g),)
        )

    def _lift(self, other: Tensor | ArrayLike) -> Tensor:
        """Make a tensor of a number or array; bare numbers and masks take the dtype of this one."""
        if type(other) in (bool, int, float) or getattr(other, "dtype", None) is np.dtype(bool):
            other = np.asanyarray(other, self.data.dtype)
        return other if isinstance(other, Tensor) else Tensor(other)


def _unstretched(gradient: NDArray[np.floating], shape: tuple[int, ...]) -> NDArray[np.floating]:
    """Sum over the copies that broadcasting made of one entry."""
    extra = gradient.ndim - len(shape)
    copies = [extra + i for i, n in enumerate(shape) if n == 1]
    return gradient.sum(axis=(*range(extra), *copies)).reshape(shape)
