"""Multiple systems estimation, which estimates how many people are on none of the lists.

`read_histories` reads a table. `estimate` returns one number from one method, with its gates. `sample` runs the
bootstrap, and `answer` builds the whole answer. Each module follows the papers it cites.
"""

from accord.statlib.estimate.analysis import Answer, answer, sample, to_json, total
from accord.statlib.estimate.histories import Histories, check_lists, read_histories, tabulate
from accord.statlib.estimate.linkage import imputations
from accord.statlib.estimate.methods import METHODS, Interval, Point, Settings, estimate

__all__ = [
    "METHODS",
    "Answer",
    "Histories",
    "Interval",
    "Point",
    "Settings",
    "answer",
    "check_lists",
    "estimate",
    "imputations",
    "read_histories",
    "sample",
    "tabulate",
    "to_json",
    "total",
]
