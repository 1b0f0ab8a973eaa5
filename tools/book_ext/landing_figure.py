"""Draw what softmax makes of the lecture's logits, for the landing page and the printed cover.

    python -m tools.book_ext.landing_figure    write the landing page's into book/_static/

They are small SVGs that take their colours from the page, so that they suit the light
and the dark theme, and their numbers from softmax_lib.
"""

from pathlib import Path

from softmax_lib import softmax
from softmax_lib.plots import COLOURS

STATIC = Path(__file__).resolve().parents[2] / "book" / "_static"
CLASSES = ("other", "cat", "dog", "chick")
LECTURE = (5, 2, -1, 3)
CAT_RAISED = (5, 5, -1, 3)

ROW, TOP, BAR_LEFT, BAR_WIDTH = 36, 58, 112, 184


def picture(name: str, title: str, logits, before=None) -> str:
    """Return one SVG: a row a class, with its logit, its bar and its probability."""
    probs, old = softmax(logits), softmax(logits if before is None else before)
    rows = "\n".join(
        row(k, logits[k], probs[k], old[k] if before else None) for k in range(len(CLASSES))
    )
    return f"""\
<svg class="landing" role="img" aria-labelledby="{name}" viewBox="0 0 360 200"
  xmlns="http://www.w3.org/2000/svg" font-family="inherit" font-size="16" fill="currentColor">
<title id="{name}">{title}: {in_words(logits, probs)}</title>
<g font-size="13"><text x="92" y="28" text-anchor="end">logit</text>
<text x="{BAR_LEFT}" y="28">probability after softmax</text></g>
{rows}
</svg>
"""


def row(k: int, logit: float, prob: float, old: float | None) -> str:
    """Return one class's row; a dashed outline shows where its bar ended before."""
    y = TOP + k * ROW
    end = BAR_LEFT + BAR_WIDTH * max(prob, old or 0)
    outline = (
        f'<rect x="{BAR_LEFT}" y="{y - 16}" width="{BAR_WIDTH * old:.1f}" height="22"'
        ' fill="none" stroke="currentColor" stroke-dasharray="3 3"/>'
        if old
        else ""
    )
    return (
        f'<text x="0" y="{y}">{CLASSES[k]}</text>'
        f'<text x="92" y="{y}" text-anchor="end">{signed(logit)}</text>'
        f'<rect x="{BAR_LEFT}" y="{y - 16}" width="{BAR_WIDTH * prob:.1f}" height="22"'
        f' fill="var(--class-{k}, {COLOURS[k]})"/>{outline}'
        f'<text x="{end + 8:.1f}" y="{y}">{prob:.3f}</text>'
    )


def in_words(logits, probs) -> str:
    rows = zip(CLASSES, logits, probs, strict=True)
    return ", ".join(f"{name} {signed(logit)} gives {prob:.3f}" for name, logit, prob in rows)


def signed(logit: float) -> str:
    return str(logit).replace("-", "−")


def cover() -> str:
    return picture("cover-picture", "Four logits and their probabilities", LECTURE)


def answer() -> str:
    return picture("landing-answer", "The same with cat raised to 5", CAT_RAISED, before=LECTURE)


if __name__ == "__main__":
    (STATIC / "landing-answer.svg").write_text(answer(), encoding="utf-8")
