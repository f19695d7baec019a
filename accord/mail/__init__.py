"""Mail that leaves the machine: to staff who ask for it, saying only that there is something new."""
