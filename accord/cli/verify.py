"""Check that the database matches what Accord writes and that every audit log is intact."""

from __future__ import annotations

import argparse
import sys

from accord.config import install


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing, because there are no options."""


def run(args: argparse.Namespace) -> int:
    """Print a summary of the checks. Return exit code 1 if anything is wrong."""
    install.reach("owner")
    install.setup_django()
    from accord.config import today, verify

    with install.connect_as("owner") as owner:
        differences, checked = verify.floor_differences(owner), list(verify.chains(owner))
        differences += verify.exchange_breaks(owner) if not differences else []
    differences += verify.what_roles_cannot()
    for name in differences:
        sys.stdout.write(f"The database differs from what Accord writes: {name}\n")
    if not differences:
        sys.stdout.write("Roles, tables, policies, grants and functions are correct.\n")
    for chain in checked:
        if chain.broken_at is not None:
            sys.stdout.write(f"Audit log {chain.owner}: broken at position {chain.broken_at} of {chain.length}\n")
        if chain.bad_signature_at is not None:
            sys.stdout.write(f"Audit log {chain.owner}: the signature at position {chain.bad_signature_at} is wrong\n")
    holding = [chain for chain in checked if chain.holds]
    today.note_check(len(differences) + len(checked) - len(holding))
    lines, signed = sum(chain.length for chain in holding), sum(chain.signed_to for chain in holding)
    sys.stdout.write(
        f"{len(holding)} of {len(checked)} audit logs are intact: {lines} lines, {signed} of them signed.\n"
    )
    return 1 if differences or len(holding) < len(checked) else 0
