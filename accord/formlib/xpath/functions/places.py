"""Functions for places: the area of a shape, the length of a line, and whether a point is inside a shape.

A place is written `latitude longitude [altitude [accuracy]]`. A line or shape is a list of places separated by
semicolons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from accord.formlib.xpath.evaluating import Context, Run, function
from accord.formlib.xpath.functions.arguments import text, texts
from accord.formlib.xpath.values import NAN, Value

_EARTH = 6_378_100  # meters: the radius that other OpenRosa software uses
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)

Place = tuple[float, float]


def _place(written: str) -> Place | None:
    parts = written.split()
    if not 2 <= len(parts) <= 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    latitude, longitude = float(parts[0]), float(parts[1])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _line(written: Sequence[str]) -> list[Place] | None:
    """Return the places in a line of at least two places, or None if one of them is not a place."""
    parts = re.sub(r"(?:\s*;)+\s*$", "", written[0]).split(";") if len(written) == 1 else written
    places = [_place(part) for part in parts]
    known = [place for place in places if place is not None]
    return known if len(known) == len(places) and len(known) >= 2 else None


@function("area", 1, 1)
def _area(context: Context, arguments: Sequence[Run]) -> Value:
    shape = _line(texts(context, arguments) or [""])
    if shape is None:
        return NAN
    if len(shape) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        total += math.radians(lon2 - lon1) * (2 + math.sin(math.radians(lat2)) + math.sin(math.radians(lat1)))
    return abs(_hundredths(total * _EARTH * _EARTH / 2))


@function("distance", 1, None)
def _distance(context: Context, arguments: Sequence[Run]) -> Value:
    line = _line(texts(context, arguments) or [""])
    if line is None:
        return NAN
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in pairwise(line):
        a, b, turn = math.radians(lat1), math.radians(lat2), math.radians(lon1 - lon2)
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
        total += math.acos(max(-1.0, min(1.0, cosine))) * _EARTH
    return _hundredths(total)


def _hundredths(value: float) -> float:
    return math.floor(value * 100 + 0.5) / 100


@function("geofence", 2, 2)
def _geofence(context: Context, arguments: Sequence[Run]) -> Value:
    """Return whether a point is inside a shape, which means that a ray from the point crosses the edge an odd number of
    times. The shape has to be closed."""
    point, shape = _place(text(context, arguments[0])), _line([text(context, arguments[1])])
    if point is None or shape is None or shape[0] != shape[-1]:
        return False
    latitude, longitude = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in pairwise(shape):
        if (lat2 > latitude) != (lat1 > latitude):
            crossing = (lon1 - lon2) * (latitude - lat2) / (lat1 - lat2) + lon2
            inside = inside != (longitude < crossing)
    return inside
