"""Files, which are encrypted from the first byte."""
