"""How shares begin, pause, and end, whether by release, right and need to know, court order, or duty to report. Also
revocation and the disclosure history."""
