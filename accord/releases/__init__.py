"""How a share begins, rests and ends: release, right and need to know, order, duty to report, withdrawal; who saw what."""
