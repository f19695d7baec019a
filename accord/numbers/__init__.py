"""Totals: computed inside each agency, submitted sealed, summed, suppressed, published."""
