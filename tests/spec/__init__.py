"""The rules of law as tables: `docs/reference/specs/*.md` is the manual, and these tests run it."""
