"""Mail to staff: asked for, confirmed, neutral; nothing is lost or doubled, whatever ends in between."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from accord.core.rooms import notices
from accord.demo.riverbend import PERSONAS
from accord.mail.codes import PLAIN, STARTTLS, MailSettingsWrong, Server
from tests.doors.own_server import free_port
from tests.region import World
from tests.steps.mail import SENDER, code_in, mail_server, no_demo, notify, sends_to, turn_on
from tests.steps.pages import alert_words
from tests.steps.records import open_record, release_to
from tests.steps.worker import do, killed_at, later, run, work_off


def rows(world: World, table: str) -> list[tuple[object, ...]]:
    with world.owner() as owner:
        return owner.execute(f"select * from {table}").fetchall()


def test_mail_is_off_until_an_address_is_confirmed(fresh_world: World) -> None:
    with mail_server() as mailbox:
        notify(fresh_world, "elena")
        run(fresh_world, "mail_send")
        elena = fresh_world.client("elena")
        assert "Email me when there is something new" in elena.get("/mail/").content.decode()
        elena.post("/mail/", {"address": "elena@example.com"})
        run(fresh_world, "mail_send")
        (first,) = mailbox.to("elena@example.com").values()
        later(fresh_world, minutes=1)
        notify(fresh_world, "elena")
        run(fresh_world, "mail_send")
        assert len(mailbox.taken) == 1
        wrong = elena.post("/mail/code/", {"code": "000000" if code_in(first) != "000000" else "111111"})
        assert wrong.status_code == 422
        assert elena.post("/mail/code/", {"code": code_in(first)}).status_code == 302
        assert "Messages are on" in elena.get("/mail/").content.decode()


def test_a_share_is_mailed_and_only_once(fresh_world: World) -> None:
    with mail_server() as mailbox:
        address = turn_on(fresh_world, "elena", mailbox)
        release_to(fresh_world, open_record(fresh_world))
        for _ in range(3):
            run(fresh_world, "mail_send")
            later(fresh_world, minutes=61)
        assert len(mailbox.taken) == len(mailbox.to(address)) == 1
        release_to(fresh_world, open_record(fresh_world))
        run(fresh_world, "mail_send")
        assert len(mailbox.taken) == 2


def test_what_is_new_within_an_hour_is_one_message_and_what_was_seen_is_none(fresh_world: World) -> None:
    with mail_server() as mailbox:
        turn_on(fresh_world, "elena", mailbox)
        for _ in range(3):
            notify(fresh_world, "elena")
            run(fresh_world, "mail_send")
            later(fresh_world, minutes=5)
        assert len(mailbox.taken) == 1
        fresh_world.client("elena").post("/notices/", {})
        later(fresh_world, minutes=61)
        run(fresh_world, "mail_send")
        assert len(mailbox.taken) == 1


@pytest.mark.line(111)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_message_is_the_same_for_every_notice_and_names_nothing(fresh_world: World, language: str) -> None:
    with mail_server() as mailbox, fresh_world.owner() as owner:
        turn_on(fresh_world, "elena", mailbox, "e@example.com")
        fresh_world.client("elena").post("/language/", {"language": language, "next": "/"})
        for code in notices():
            later(fresh_world, minutes=61)
            notify(fresh_world, "elena", code)
            run(fresh_world, "mail_send")
        texts = {(str(mail["Subject"]), mail.get_content(), mail["Content-Language"]) for mail in mailbox.taken}
        for mail in mailbox.taken:
            del mail["Message-ID"]  # random digits, and the sender's domain, which From has too
        raw = "\n".join(mail.as_string() for mail in mailbox.taken).lower()
        names = [name for (name,) in owner.execute("select name from agencies_agency").fetchall()]
    assert (len(mailbox.taken), len(texts)) == (len(notices()), 1)
    assert {spoken for _subject, _text, spoken in texts} == {language}
    secrets = [*names, *(persona.user for persona in PERSONAS), *(persona.words for persona in PERSONAS)]
    for secret in (*secrets, "accord", "traffick", "trata", "riverbend", "chicago", "http", socket.gethostname()):
        assert secret.lower() not in raw, secret


def test_the_mail_server_is_down_for_a_day_and_nothing_is_lost(fresh_world: World) -> None:
    port = free_port()
    with mail_server(port) as mailbox:
        address = turn_on(fresh_world, "elena", mailbox)
    notify(fresh_world, "elena")
    with sends_to(port):
        for _ in range(24):
            run(fresh_world, "mail_send")
            later(fresh_world, hours=1)
            notify(fresh_world, "elena")
        page = fresh_world.client("hal").get("/").content.decode()
    assert "1 message is waiting" in page and "The mail server is refusing messages" in page
    with mail_server(port) as mailbox:
        for _ in range(3):
            run(fresh_world, "mail_send")
            later(fresh_world, minutes=61)
        assert len(mailbox.taken) == len(mailbox.to(address)) == 1


def test_a_refused_address_gets_nothing_more_and_its_holder_is_told(fresh_world: World) -> None:
    with mail_server() as mailbox:
        mailbox.refuses.add(turn_on(fresh_world, "elena", mailbox))
        for _ in range(2):
            notify(fresh_world, "elena")
            run(fresh_world, "mail_send")
            later(fresh_world, hours=2)
        mailbox.refuses.clear()
        run(fresh_world, "mail_send")
        page = fresh_world.client("elena").get("/mail/").content.decode()
        assert mailbox.taken == [] and "recognize this address" in page
        turn_on(fresh_world, "elena", mailbox, "other@example.com")
        notify(fresh_world, "elena")
        run(fresh_world, "mail_send")
        assert len(mailbox.to("other@example.com")) == 1


def test_without_tls_nothing_is_handed_to_a_server_elsewhere(fresh_world: World) -> None:
    """The test server offers no TLS: the default settings refuse to go on."""
    port = free_port()
    with mail_server(port) as mailbox:
        turn_on(fresh_world, "elena", mailbox)
        notify(fresh_world, "elena")
        with sends_to(port, STARTTLS):
            run(fresh_world, "mail_send")
        assert mailbox.taken == []


def test_one_address_that_cannot_be_used_does_not_stop_the_others(fresh_world: World) -> None:
    with mail_server() as mailbox, fresh_world.owner() as owner:
        for user in ("elena", "alma"):
            turn_on(fresh_world, user, mailbox)
        spoiled = owner.execute(
            "update mail_address set sealed = '\\x00' where account = (select account from membership_membership where id = %s)",
            [fresh_world.memberships["elena"]],
        )
        assert spoiled.rowcount == 1
        for user in ("elena", "alma"):
            notify(fresh_world, user)
        run(fresh_world, "mail_send")
        assert len(mailbox.to("alma@example.com")) == len(mailbox.taken) == 1


def test_a_fault_of_the_server_turns_no_ones_mail_off_and_repeats_nothing(fresh_world: World) -> None:
    with mail_server() as mailbox:
        address = turn_on(fresh_world, "elena", mailbox)
        notify(fresh_world, "elena")
        mailbox.says_to_all = "554 5.7.1 Relay access denied"
        run(fresh_world, "mail_send")
        mailbox.says_to_all, mailbox.says_at_the_end = "", "421 Too busy to say goodbye"
        for _ in range(2):
            later(fresh_world, hours=2)
            run(fresh_world, "mail_send")
        assert len(mailbox.taken) == len(mailbox.to(address)) == 1


@pytest.mark.parametrize("address", ['"a\x0bb"@example.org', "a@exämple.org", '"a b"@example.org'])
def test_an_address_that_no_server_takes_is_refused(world: World, address: str) -> None:
    with no_demo(Server("127.0.0.1", 25, PLAIN, SENDER)):
        answer = world.client("elena").post("/mail/", {"address": address})
    assert answer.status_code == 422 and "Enter a valid email address." in answer.content.decode()


@pytest.mark.parametrize(
    ("environment", "fits"),
    [
        ({}, True),
        ({"ACCORD_MAIL_HOST": "mail.example.org"}, False),
        ({"ACCORD_MAIL_HOST": "mail.example.org", "ACCORD_MAIL_FROM": "a@example.org"}, True),
        ({"ACCORD_MAIL_HOST": "mail.example.org", "ACCORD_MAIL_FROM": "a@b.org", "ACCORD_MAIL_TLS": "none"}, False),
        ({"ACCORD_MAIL_HOST": "127.0.0.1", "ACCORD_MAIL_FROM": "a@example.org", "ACCORD_MAIL_TLS": "none"}, True),
        ({"ACCORD_MAIL_HOST": "mail.example.org", "ACCORD_MAIL_FROM": "a@b.org", "ACCORD_MAIL_TLS": "ssl"}, False),
    ],
)
def test_settings_that_do_not_fit_are_refused(environment: dict[str, str], fits: bool) -> None:
    if fits:
        assert (Server.of(environment) is None) == (environment == {})
    else:
        with pytest.raises(MailSettingsWrong):
            Server.of(environment)


def test_codes_are_few_and_tries_are_few(fresh_world: World) -> None:
    with mail_server() as mailbox:
        elena = fresh_world.client("elena")
        answers = [elena.post("/mail/", {"address": f"{n}@example.com"}).status_code for n in range(6)]
        assert answers == [302] * 5 + [422]
        run(fresh_world, "mail_send")
        (mail,) = mailbox.taken  # only the newest address is written to
        for _ in range(5):
            assert elena.post("/mail/code/", {"code": "wrong"}).status_code == 422
        assert elena.post("/mail/code/", {"code": code_in(mail)}).status_code == 422
        for hours, status in ((2, 422), (23, 302)):
            later(fresh_world, hours=hours)
            answer = fresh_world.client("elena").post("/mail/", {"address": "again@example.com"})
            assert answer.status_code == status, hours
    told = alert_words(fresh_world.client("emil").get("/agency/log/"))
    assert "Elena asked for a code to confirm an email address." in told


def test_an_old_code_does_not_work(fresh_world: World) -> None:
    with mail_server() as mailbox:
        elena = fresh_world.client("elena")
        elena.post("/mail/", {"address": "elena@example.com"})
        run(fresh_world, "mail_send")
        later(fresh_world, minutes=61)
        assert elena.post("/mail/code/", {"code": code_in(mailbox.taken[0])}).status_code in (302, 422)
        assert not any(row[5] for row in rows(fresh_world, "mail_address"))


def test_the_address_is_forgotten_when_the_last_membership_ends(fresh_world: World) -> None:
    with mail_server() as mailbox:
        turn_on(fresh_world, "elena", mailbox)
        run(fresh_world, "mail_sweep")
        assert len(rows(fresh_world, "mail_address")) == 1
        with fresh_world.owner() as owner:
            owner.execute("update membership_membership set ended_at = accord.now() where name like 'Elena%'")
        run(fresh_world, "mail_sweep")
        assert rows(fresh_world, "mail_address") == []


def test_turned_off_nothing_is_kept_or_sent(fresh_world: World) -> None:
    with mail_server() as mailbox:
        turn_on(fresh_world, "elena", mailbox)
        assert b"elena@example.com" not in b"".join(bytes(row[1]) for row in rows(fresh_world, "mail_address"))
        notify(fresh_world, "elena")
        fresh_world.client("elena").post("/mail/stop/")
        run(fresh_world, "mail_send")
        assert mailbox.taken == [] and rows(fresh_world, "mail_address") == []
        later(fresh_world, days=2)
        run(fresh_world, "mail_sweep")
        assert rows(fresh_world, "mail_outbox") == []


def test_without_a_mail_server_the_page_says_so(world: World) -> None:
    with no_demo(None):
        elena = world.client("elena")
        assert "doesn't send email" in elena.get("/mail/").content.decode()
        assert elena.post("/mail/", {"address": "elena@example.com"}).status_code == 404
        assert elena.get("/mail/shown/").status_code == 404
    assert rows(world, "mail_address") == []


def test_the_demo_shows_what_would_have_left(fresh_world: World) -> None:
    """A code is in the queue at once: a real worker takes it from there."""
    elena = fresh_world.client("elena")
    elena.post("/mail/", {"address": "elena@example.com"})
    work_off(fresh_world)
    page = elena.get("/mail/shown/").content.decode()
    assert "Would have been sent" in page and "Your code is" in page
    assert "Your code is" not in fresh_world.client("alma").get("/mail/shown/").content.decode()


# Killed ---------------------------------------------------------------------------------------------------------------


def killed_while_sending(world: World) -> int:
    """Kill the sending before each of its statements, then let it run. Returns how often it was killed."""
    with mail_server() as mailbox:
        addresses = [turn_on(world, user, mailbox) for user in ("elena", "adele", "hal")]
        for user in ("elena", "adele", "hal"):
            notify(world, user)
        deaths = 0
        while killed_at(world, deaths, lambda: do("mail_send")):
            deaths += 1
        run(world, "mail_send")
        assert [len(mailbox.to(address)) for address in addresses] == [1, 1, 1]
        # Between the server's answer and the commit a message is handed over again, under the same Message-ID.
        assert len(mailbox.taken) - 3 <= deaths
    return deaths


def test_killed_before_each_statement_every_message_arrives_once(fresh_world: World) -> None:
    assert killed_while_sending(fresh_world) >= 4


@pytest.mark.prove
def test_killed_a_hundred_times_every_message_arrives_once(
    fresh_world: World, proved: Callable[[str, int], None]
) -> None:
    deaths = 0
    while deaths < 100:
        deaths += killed_while_sending(fresh_world)
        later(fresh_world, hours=5)  # an account may ask for five codes in a day
    proved("workers were killed while sending mail; every message is in its mailbox once", deaths)
