"""Half of a question's points for a function that is nearly right.

The rules, which the page on grading repeats: REASONS names what earns half. To change them, change
this table; what it does not name earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from softmax_lib.misconceptions import examine
from softmax_lib.misconceptions.kinds import KINDS

REASONS = {
    "extremes": "Half of the points: it is right on ordinary inputs, and fails at extremes alone.",
    "arguments": "Half of the points: its answers are right, but it writes into its input.",
}
SEEDS, DTYPES = (21, 22), (np.float64, np.float32)


def reason_for_half(function: Callable[..., Any], kind: str) -> str:
    """Why a function that failed earns half of the points; nothing where it does not.

    It must be nearly right in the same way on several draws of inputs.
    """
    if kind not in KINDS:
        return ""
    found = {
        examine(function, kind, seed=seed, dtype=dtype).wrong_in
        for seed in SEEDS
        for dtype in DTYPES
    }
    return REASONS.get(found.pop(), "") if len(found) == 1 else ""
