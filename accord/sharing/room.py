"""Declares what the `sharing` room adds to Accord."""

from __future__ import annotations

from accord.access.codes import (
    ASSIGN_PERSON,
    ERASE_PERSON,
    FIND_PERSON,
    GRANT_ACCESS,
    JOIN_RECORDS,
    OPEN_RECORD,
    PRINT_ACCOUNTING,
    READ_PERSON,
    SHARE_OFFICIAL,
    SHARE_PERSON,
    WITHDRAW_SHARE,
    WRITE_PERSON,
)
from accord.core.rooms import Act, Action, Job, LogLine, Notice, Pace, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="sharing",
    question="who may see what about a person?",
    actions=(
        Action(FIND_PERSON, N_("search for a person by name"), about_person=True),
        Action(OPEN_RECORD, N_("open a new record"), about_person=True),
        Action(READ_PERSON, N_("read a person's record"), about_person=True),
        Action(WRITE_PERSON, N_("add to a person's record"), about_person=True),
        Action(ASSIGN_PERSON, N_("assign a person to a colleague"), about_person=True),
        Action(GRANT_ACCESS, N_("give a colleague access and record a reason"), about_person=True, step_up=True),
        Action(JOIN_RECORDS, N_("join two records for the same person and separate them again"), about_person=True),
        Action(SHARE_PERSON, N_("share with a partner agency under a signed release"), about_person=True, step_up=True),
        Action(
            SHARE_OFFICIAL,
            N_("share what the agency itself wrote, based on a right to know and a need to know"),
            about_person=True,
            step_up=True,
        ),
        Action(WITHDRAW_SHARE, N_("stop sharing when the person asks")),
        Action(
            ERASE_PERSON,
            N_("permanently erase a record after a second person confirms, or place a legal hold on it"),
            about_person=True,
            step_up=True,
        ),
        Action(
            PRINT_ACCOUNTING,
            N_("print a disclosure history that shows who saw what, when and on what basis"),
            about_person=True,
            step_up=True,
        ),
    ),
    jobs=(Job("sweep_lapsed", N_("delete keys for expired shares"), 10),),
    log={
        "read": LogLine(N_("%(by)s read a record."), Act.READING, Pace.PAGE, on_record=True),
        "read-shared": LogLine(N_("%(by)s read what a partner agency shares with us."), Act.READING, Pace.PAGE),
        "given-unreadable": LogLine(
            N_(
                "%(by)s couldn't open something that a partner agency shares. This system never encrypts information "
                "that way. Ask that agency about it."
            ),
            Act.RECORDS,
        ),
        "read-by-partner": LogLine(
            N_("%(by)s at %(partner)s read what we share."),
            Act.READING,
            on_record=True,
            discloses=True,
            across="read_across",
        ),
        "record-opened": LogLine(N_("%(by)s opened a new record."), Act.RECORDS),
        "written": LogLine(N_("%(by)s added to or changed a record."), Act.RECORDS),
        "assigned": LogLine(N_("%(by)s assigned a person to %(other)s."), Act.ACCESS),
        "reassigned": LogLine(N_("%(by)s reassigned a former colleague's clients to %(other)s."), Act.ACCESS),
        "granted": LogLine(N_("%(by)s gave %(other)s access and recorded a reason."), Act.ACCESS),
        "tie-ended": LogLine(
            N_("%(by)s removed an assignment, access grant or block for %(other)s on a record."), Act.ACCESS
        ),
        "records-joined": LogLine(N_("%(by)s joined two records for the same person."), Act.RECORDS),
        "records-parted": LogLine(N_("%(by)s separated two joined records."), Act.RECORDS),
        "barred": LogLine(N_("%(by)s blocked %(other)s from a record."), Act.ACCESS),
        "share-begun": LogLine(N_("%(by)s started sharing information with %(other)s."), Act.SHARING, discloses=True),
        "share-ended": LogLine(
            N_("%(by)s stopped sharing some information with %(other)s."), Act.SHARING, discloses=True
        ),
        "share-paused": LogLine(
            N_("%(by)s paused sharing some information with %(other)s."), Act.SHARING, discloses=True
        ),
        "share-resumed": LogLine(
            N_("%(by)s resumed sharing some information with %(other)s."), Act.SHARING, discloses=True
        ),
        "erasure-asked": LogLine(N_("%(by)s asked to erase a record."), Act.RECORDS),
        "erasure-taken-back": LogLine(N_("%(by)s withdrew a request to erase a record."), Act.RECORDS),
        "erased": LogLine(N_("%(by)s confirmed a request to erase a record."), Act.RECORDS),
        "hold-begun": LogLine(N_("%(by)s placed a legal hold on a record."), Act.RECORDS),
        "hold-ended": LogLine(N_("%(by)s lifted the legal hold on a record."), Act.RECORDS),
        "keys-rewrapped": LogLine(
            N_("Record keys were encrypted with the new keys while %(by)s was signed in."), Act.AGENCY
        ),
        "share-declined": LogLine(N_("%(by)s declined a record that %(other)s shared."), Act.SHARING),
    },
    notices={
        "share-ended": Notice(N_("A record is no longer shared with you.")),
    },
    sql=Sql(
        inner=("erase_rows(uuid, uuid)", "sweep_erased()", "read_across(jsonb)"),
        readers=("joined_record_is_paused(uuid)",),
        worker=("sweep_lapsed()",),
    ),
)
