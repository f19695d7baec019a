"""What `sharing` adds to Accord."""

from __future__ import annotations

from accord.core.rooms import Act, Job, LogLine, Notice, Pace, Room, Sql
from accord.core.text import N_

ROOM = Room(
    name="sharing",
    question="who may see what about a person?",
    log={
        "read": LogLine(N_("%(by)s read a record."), Act.READING, Pace.PAGE, on_record=True),
        "read-shared": LogLine(N_("%(by)s read what a partner agency shares with us."), Act.READING, Pace.PAGE),
        "given-unreadable": LogLine(
            N_(
                "%(by)s couldn't open something that a partner agency shares. No page of this system encrypts "
                "anything that way. Ask that agency about it."
            ),
            Act.RECORDS,
        ),
        "read-by-partner": LogLine(
            N_("%(by)s of %(partner)s read what we share."), Act.READING, on_record=True, discloses=True
        ),
        "record-opened": LogLine(N_("%(by)s opened a new record."), Act.RECORDS),
        "written": LogLine(N_("%(by)s added to or changed a record."), Act.RECORDS),
        "assigned": LogLine(N_("%(by)s assigned a person to %(other)s."), Act.ACCESS),
        "reassigned": LogLine(N_("%(by)s reassigned a former colleague's clients to %(other)s."), Act.ACCESS),
        "granted": LogLine(N_("%(by)s gave %(other)s access, with a reason."), Act.ACCESS),
        "tie-ended": LogLine(N_("%(by)s ended an assignment, access or block of %(other)s on a record."), Act.ACCESS),
        "records-joined": LogLine(N_("%(by)s joined two records of the same person."), Act.RECORDS),
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
        "erasure-asked": LogLine(N_("%(by)s requested the erasure of a record."), Act.RECORDS),
        "erasure-taken-back": LogLine(N_("%(by)s withdrew a request to erase a record."), Act.RECORDS),
        "erased": LogLine(N_("%(by)s confirmed the erasure of a record."), Act.RECORDS),
        "hold-begun": LogLine(N_("%(by)s placed a legal hold on a record."), Act.RECORDS),
        "hold-ended": LogLine(N_("%(by)s lifted the legal hold on a record."), Act.RECORDS),
        "keys-rewrapped": LogLine(
            N_("Record keys were encrypted with the new keys while %(by)s was signed in."), Act.AGENCY
        ),
        "share-declined": LogLine(N_("%(by)s declined a record that %(other)s shared."), Act.SHARING),
    },
    sql=Sql(
        inner=("erase_rows(uuid, uuid)", "sweep_erased()"),
        readers=("joined_record_is_paused(uuid)",),
        worker=("sweep_lapsed()",),
    ),
    jobs=(Job("sweep_lapsed", 10),),
    notices={
        "share-ended": Notice(N_("A record is no longer shared with you.")),
    },
)
