"""An attacker who can run one SQL statement calls the database's named functions, without what they ask for."""

from __future__ import annotations

import secrets
import uuid

import psycopg
import pytest

from accord.accounts import services as accounts
from accord.accounts import sessions
from accord.core.errors import Refused
from accord.demo import riverbend
from accord.membership import services as membership
from accord.vault import sealing
from tests.attack.target import Target, nothing_is_read


def test_no_one_acts_in_someone_elses_membership(target: Target, attacker: psycopg.Connection) -> None:
    for user in ("alma", "adele", "hal"):
        found = attacker.execute("select accord.session_act_for(%s)", [target.world.memberships[user]]).fetchone()
        assert found == (False,)
    assert attacker.execute("select accord.actor_agency()").fetchone() == (target.world.agencies["police"],)


def test_roles_that_write_what_binds_are_asked_for_in_the_database(target: Target) -> None:
    world = target.world
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("alma").ticket])
        invite = (
            "select accord.agency_invite(gen_random_uuid(), 'X', 'police', 'UTC', '{}', '{}', 'X', '{officer}', '')"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(invite)
        for statement in (
            "select accord.agreement_sign(gen_random_uuid(), true)",
            "select accord.member_invite(gen_random_uuid(), 'X', '{officer}', 'hash')",
            "select accord.agreement_draft(gen_random_uuid(), 'X', accord.now(), accord.now(), '{}', '{}', '{}')",
        ):
            assert web.execute(statement).fetchone() == (False,)
        for function, argument in (
            ("membership_end", world.memberships["aisha"]),
            ("membership_end", world.memberships["ben"]),
            ("agreement_decline", uuid.uuid4()),
            ("agreement_leave", web.execute("select id from agreements_agreement limit 1").fetchone()[0]),
        ):
            assert web.execute(f"select accord.{function}(%s)", [argument]).fetchone() == (False,)


def test_an_agreements_id_cannot_be_taken_a_second_time(target: Target) -> None:
    """Otherwise a signature under the real one would count under the forged one."""
    world = target.world
    with world.web() as web:
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("grace").ticket])
        taken = web.execute("select id from agreements_agreement limit 1").fetchone()[0]
        draft = (
            "select accord.agreement_draft(%s, 'X', accord.now(), accord.now() + interval '1 year', %s, %s, '{needs}')"
        )
        pair = [[world.agencies["harbor"]], [world.agencies["police"]]]
        assert web.execute(draft, [taken, *pair]).fetchone() == (False,)
        assert web.execute(draft, [uuid.uuid4(), *pair]).fetchone() == (True,)


def test_no_statement_renews_its_own_second_factor(target: Target) -> None:
    """Only one function writes when the factor was last shown, and it needs what is in no table."""
    world, shown = target.world, "select factor_at from accounts_session where id = %s"
    row = sessions.row_of(world.session("adele").secret)
    with world.owner() as owner, world.web() as web:
        writers = owner.execute(
            "select proname from pg_proc where pronamespace = 'accord'::regnamespace "
            "and concat(prosrc, pg_get_function_sqlbody(oid)) ~ 'factor_at *=' "
            "and has_function_privilege('accord_web', oid, 'execute')"
        ).fetchall()
        assert writers == [("session_ticket",)]
        before = owner.execute(shown, [row]).fetchone()
        web.execute("select set_config('accord.ticket', %s, false)", [world.session("adele").ticket])
        with pytest.raises(psycopg.errors.UndefinedFunction):
            web.execute("select accord.session_factor_checked()")
        for proof in (b"", secrets.token_bytes(32), sessions.ticket_of(world.session("adele").secret)):
            for which in (row, uuid.uuid4()):
                made = web.execute("select accord.session_ticket(%s, %s, sha256('x'))", [which, proof]).fetchone()
                assert made == (False,)
        assert owner.execute(shown, [row]).fetchone() == before


def test_an_account_of_ones_own_opens_nothing(target: Target) -> None:
    """Without any ticket anyone can create an account, a session and a ticket; it is a member of nothing and sees no
    table."""
    account, proof, row, ticket = uuid.uuid4(), secrets.token_bytes(32), uuid.uuid4(), secrets.token_bytes(32)
    with target.world.web() as web:
        web.execute(
            "select accord.account_create(%s, %s, 'en', '', '', 'argon2id:1024:1:1', '', %s)",
            [account, f"mallory-{account.hex}", proof],
        )
        assert web.execute("select accord.session_open(%s, %s, %s, '')", [row, account, proof]).fetchone() == (True,)
        made = web.execute("select accord.session_ticket(%s, %s, sha256(%s))", [row, proof, ticket]).fetchone()
        assert made == (True,)
        web.execute("select set_config('accord.ticket', %s, false)", [ticket.hex()])
        assert web.execute("select accord.actor_account()").fetchone() == (account,)
        nothing_is_read(web, target)
        assert web.execute("select accord.session_act_for(%s)", [target.world.memberships["ben"]]).fetchone() == (
            False,
        )


def test_invitation_and_account_functions_want_the_opened_key(target: Target, attacker: psycopg.Connection) -> None:
    alma, guess = target.world.session("alma").account, secrets.token_bytes(32)
    with target.world.as_("adele") as adele:
        code = membership.invite_member(actor=adele, name="New colleague", roles=["advocate"])
    accept = "select accord.invitation_accept(%s, %s, %s, gen_random_uuid(), '', '')"
    assert attacker.execute(accept, [membership.invitation_hash(code), alma, guess]).fetchone() == (None,)
    for function, arguments in (
        ("account_rewrap", (alma, guess, b"", "argon2id:1024:1:1", b"", None)),
        ("account_use_step", (alma, guess, 1)),
        ("account_use_recovery_code", (alma, guess, b"")),
        ("session_open", (uuid.uuid4(), alma, guess, b"")),
        ("session_ticket", (sessions.row_of(target.world.session("alma").secret), guess, b"")),
    ):
        marks = ", ".join(["%s"] * len(arguments))
        assert attacker.execute(f"select accord.{function}({marks})", arguments).fetchone() == (False,)
    assert attacker.execute("select accord.account_factor(%s, %s)", [alma, guess]).fetchone() == (None,)


def test_a_session_is_not_closed_by_guessing(target: Target, attacker: psycopg.Connection) -> None:
    attacker.execute("select accord.session_close(%s)", [target.world.session("alma").account])
    attacker.execute("select accord.session_close(gen_random_uuid())")
    assert sessions.load(target.world.session("alma").secret) is not None


def test_a_partner_is_told_only_of_ones_own_shares(target: Target, attacker: psycopg.Connection) -> None:
    with target.world.owner() as owner:
        before = owner.execute("select count(*) from accounts_notice").fetchone()
        attacker.execute("select accord.notify_partner(%s, 'share-ended')", [target.share])
        assert owner.execute("select count(*) from accounts_notice").fetchone() == before


def test_a_second_factor_is_not_replaced_with_the_passphrase_alone(target: Target) -> None:
    state = accounts.open_session(user_name="chidi", passphrase=riverbend.PASSPHRASE)
    with pytest.raises(Refused):
        accounts.enrol_factor(account=state.account, secret=state.account_secret, factor=sealing.new_secret()[:20])
