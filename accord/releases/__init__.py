"""Shares of information: how they begin, pause, and end, whether they are based on a release, a right and need to know,
a court order, or a duty to report. This room also has revocation and the disclosure history."""
