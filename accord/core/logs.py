"""The server log filter. A log may contain the logger name, level, error class, and line of code, but never a value."""

from __future__ import annotations

import logging
import traceback


class NoValues(logging.Filter):
    """Replace a record's text with an outline, because library messages can quote values and addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        outline = record.name
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)
            where = ", ".join(f"{frame.name}:{frame.lineno}" for frame in frames[-4:])
            outline = f"{type(error).__name__} at {where}"
        elif record.name.startswith("accord"):
            outline = str(record.msg)
        record.msg, record.args = outline, ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True
