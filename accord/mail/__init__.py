"""Email to staff who ask for it. A message says only that there is something new."""
