"""Draw the picture that a link to the book unfolds into: the lecture's logits after softmax.

python -m tools.book_ext.social_card card.png
"""

import sys
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from softmax_lib import softmax
from softmax_lib.plots import COLOURS, FAINT, INK, MUTED
from tools.book_ext.landing_figure import CLASSES, LECTURE, signed

WIDTH, HEIGHT, DPI = 1200, 630, 100
PROBS = softmax(LECTURE)
ALT = "Bars of four probabilities that softmax makes of four logits: " + ", ".join(
    f"{name} {prob:.3f}" for name, prob in zip(CLASSES, PROBS, strict=True)
)


def draw(path: Path, title: str) -> None:
    """Write the picture as a PNG file; the same title gives the same bytes."""
    figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.text(0.06, 0.83, title, fontsize=40, fontweight="bold", color=INK, va="center")
    figure.text(
        0.06,
        0.71,
        "Derive it, compute it, break it, mend it",
        fontsize=23,
        color=MUTED,
        va="center",
    )
    bars(figure.add_axes((0.25, 0.08, 0.63, 0.52)))
    figure.savefig(path, metadata={"Software": None})


def bars(ax) -> None:
    """Draw a row a class: its name, its logit, its bar and its probability."""
    rows = range(len(CLASSES))
    ax.barh(rows, PROBS, height=0.68, color=COLOURS[: len(CLASSES)])
    for row, name, logit, prob in zip(rows, CLASSES, LECTURE, PROBS, strict=True):
        ax.text(-0.14, row, name, fontsize=25, color=INK, ha="right", va="center")
        ax.text(-0.03, row, signed(logit), fontsize=25, color=MUTED, ha="right", va="center")
        ax.text(prob + 0.02, row, f"{prob:.3f}", fontsize=25, color=INK, va="center")
    ax.axvline(0, color=FAINT, linewidth=2)
    ax.set(xlim=(0, 1), ylim=(len(CLASSES) - 0.5, -0.5))
    ax.set_axis_off()


if __name__ == "__main__":
    draw(Path(sys.argv[1]), "Training a Softmax Classifier")
