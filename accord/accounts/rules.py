"""Pure rules for passphrases (NIST SP 800-63B rev 4: a minimum length and a list of banned passphrases, but no symbol
rules)."""

from __future__ import annotations

from accord.core.text import N_

SHORTEST = 15
OURS = ("accord", "riverbend", "trafficking")


def passphrase_problem(
    passphrase: str, banned: frozenset[str] = frozenset(), user_name: str = "", generated: bool = False
) -> str:
    """Return why this passphrase can't be used, or ''. Case and spaces are ignored when checking for banned
    passphrases.

    `generated` is true for six words that this system chose at random. Their strength does not depend on what they
    spell.
    """
    if generated:
        return ""
    squeezed, words = "".join(passphrase.casefold().split()), passphrase.casefold().split()
    if len(passphrase) < SHORTEST:
        return N_("Use at least 15 characters. Four or more words with spaces are easy to remember.")
    if any(word in squeezed for word in OURS):
        return N_("Don't use this system's name or words related to it.")
    if len(user_name) > 3 and _names(user_name.casefold(), words):
        return N_("Don't use your user name.")
    if squeezed in banned or len(set(squeezed)) < 5:
        return N_("This passphrase is too easy to guess. Choose another.")
    return ""


def _names(user_name: str, words: list[str]) -> bool:
    """Return True if a word is nearly the user name, or if the only word contains the user name.

    A name inside another word ("ines" in "coziness") or across two words does not count.
    """
    return any(user_name in word and (len(words) == 1 or len(word) < 2 * len(user_name)) for word in words)


def recovery_code_text(typed: str) -> str:
    """Return a recovery code as it was printed, no matter how it was typed."""
    clean = "".join(c for c in typed.lower() if c.isalnum())
    return "-".join(clean[i : i + 4] for i in range(0, len(clean), 4))
