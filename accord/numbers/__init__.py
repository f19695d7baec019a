"""Count totals inside each agency, submit them sealed, combine them, suppress small counts, and publish tables."""
