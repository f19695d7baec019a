"""Draw the intervals and the models near the best on one scale, as plain SVG with a title and a description."""

from __future__ import annotations

import math
from html import escape

from accord.statlib.estimate.analysis import Answer

WIDTH, ROW, LEFT, RIGHT, TOP = 960, 26, 290, 30, 70
MODELS_DRAWN = 20
NAMES = {"bca": "BCa", "wald": "Wald"}
INK, SOFT, ACCENT = "#1b1b1b", "#71767a", "#005ea2"


def draw(result: Answer, source: str) -> str:
    """Return the SVG document. The horizontal scale is logarithmic, in people. The dashed line is the number seen."""
    bars = [(f"{NAMES.get(i.kind, i.kind)} {i.level:.0%}", i.lower, i.upper) for i in result.intervals]
    points = [(", ".join(m.terms) or "lists only", m.estimate) for m in result.models[:MODELS_DRAWN]]
    ends = [result.observed, result.estimate, *(v for _, a, b in bars for v in (a, b)), *(v for _, v in points)]
    scale = _Scale([v for v in ends if math.isfinite(v)])
    height = TOP + ROW * (len(bars) + len(points) + 3)
    text = (
        f"{result.observed:,} people seen, about {result.estimate:,.0f} estimated in all; "
        f"{len(points)} models near the best"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(f"People seen and unseen: {source}")}</title>',
        f'<desc id="desc">{escape(text)}</desc><rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="26" font-size="17" fill="{INK}">{escape(f"People seen and unseen: {source}")}</text>',
        f'<text x="16" y="46" fill="{SOFT}">{escape(text)}</text>',
        _axis(scale, height - ROW),
        _rule(scale(result.observed), height, SOFT, "4 4"),
        f'<text x="{scale(result.observed) + 6:.1f}" y="{height - ROW - 8}" fill="{SOFT}">seen</text>',
        _rule(scale(result.estimate), height, ACCENT, "none"),
    ]
    y = TOP + ROW // 2
    for label, lower, upper in bars:
        parts.append(_label(label, y) + _bar(scale(lower), scale(upper), y))
        y += ROW
    for label, value in points:
        parts.append(_label(label, y) + f'<circle cx="{scale(value):.1f}" cy="{y}" r="5" fill="{ACCENT}"/>')
        y += ROW
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """A logarithmic scale from people to pixels. An infinite value is drawn at the right edge."""

    def __init__(self, values: list[float]) -> None:
        self.low, self.high = math.log(min(values) * 0.95), math.log(max(values) * 1.05)

    def __call__(self, value: float) -> float:
        if not math.isfinite(value):
            return WIDTH - RIGHT
        share = (math.log(max(value, 1e-9)) - self.low) / (self.high - self.low)
        return LEFT + max(0.0, share) * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> list[float]:
        """Return the tick values: powers of ten times 1, 2, or 5 within the range."""
        powers = range(int(self.low / math.log(10)) - 1, int(self.high / math.log(10)) + 2)
        every = [m * 10.0**p for p in powers for m in (1, 2, 5)]
        return [v for v in every if self.low <= math.log(v) <= self.high]


def _axis(scale: _Scale, y: int) -> str:
    marks = "".join(
        f'<text x="{scale(v):.1f}" y="{y + 14}" text-anchor="middle" fill="{SOFT}">{v:,.0f}</text>'
        for v in scale.ticks()
    )
    return f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="{SOFT}"/>{marks}'


def _rule(x: float, height: int, colour: str, dash: str) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{TOP - 10}" x2="{x:.1f}" y2="{height - ROW}" stroke="{colour}" '
        f'stroke-dasharray="{dash}"/>'
    )


def _bar(left: float, right: float, y: int) -> str:
    return f'<line x1="{left:.1f}" y1="{y}" x2="{right:.1f}" y2="{y}" stroke="{INK}" stroke-width="5"/>'


def _label(text: str, y: int) -> str:
    short = text if len(text) <= 34 else text[:33] + "…"
    return f'<text x="{LEFT - 12}" y="{y + 4}" text-anchor="end" fill="{INK}">{escape(short)}</text>'
