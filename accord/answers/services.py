"""Begin a form, save it as it is filled in, finish it, and correct finished answers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from accord.access.actors import Actor
from accord.access.codes import WRITE_PERSON
from accord.answers import queries
from accord.answers.codes import ANSWERS, CORRECTION, LONGEST, Answered, ByLanguage, Cells, file_cells
from accord.answers.queries import Kept, Sitting
from accord.core import clock, rooms
from accord.core.errors import Conflict, Hidden, Invalid
from accord.core.text import N_
from accord.drafts import queries as unfinished
from accord.drafts import services as drafts
from accord.files import queries as stored
from accord.files import services as files
from accord.files.codes import MEDIA
from accord.files.uploading import SealedFileField, SealedUpload
from accord.formlib import exporting, keeping
from accord.formlib.answering import Answers
from accord.formlib.paging import Asked, missing
from accord.formlib.scoring import Score, scores
from accord.formlib.transcript import Line, transcript
from accord.formlib.xpath.limits import EvaluationFailed
from accord.questionnaires import queries as forms
from accord.questionnaires.asking import FormFails
from accord.questionnaires.workflows import VersionState
from accord.sharing import queries as sharing
from accord.sharing import services as records
from accord.sharing.codes import of_kind, to_bytes

NEWER = N_("You continued this form on another page or device. What you entered on this page wasn't saved.")


class NewerDraft(Conflict):
    """The actor has saved a newer version of this unfinished form on another page or device."""

    code = "newer_draft"
    sentence = NEWER


def begin(*, actor: Actor, ref: uuid.UUID, version: uuid.UUID, language: str, post: Mapping[str, Any]) -> uuid.UUID:
    """Begin a published form about one of the agency's own people, and return the draft's id. If the actor already has
    an unfinished one, return that. Raises Hidden, Refused, Invalid, or Conflict."""
    known, card = sharing.find_own(actor=actor, ref=ref), forms.version(actor=actor, version=version)
    if not card.kind:
        raise Hidden
    sharing.require_access(actor=actor, known=known, action=WRITE_PERSON, kind=card.kind)
    code = f"{ANSWERS}:{card.questionnaire}"
    begun = unfinished.draft_of(actor=actor, known=known, form=code)
    if begun is not None:
        return begun.draft.id
    if card.state is not VersionState.PUBLISHED:
        raise Conflict(
            N_("Your agency doesn't use this version of the form anymore."),
            code="not_published",
            remedy=N_("Go back to the person's page and choose the form again."),
        )
    form = forms.form_of(actor=actor, card=card)
    if language not in (*form.languages, form.default_language):
        raise Invalid(fields={"language": N_("Choose one.")})
    preface = rooms.preface(card.kind)
    facts: tuple[Cells, ...] = preface[2](actor=actor, known=known, card=card, post=post) if preface else ()
    now = clock.now()
    try:
        state = keeping.state(Answers(form, now, ZoneInfo(actor.zone), language))
    except EvaluationFailed:
        raise FormFails from None
    kept = Kept(version=card.id.hex, language=language, begun=now.isoformat(), state=state, facts=facts)
    return drafts.save(actor=actor, known=known, form=code, kind=card.kind, fields=kept.fields())


def correct(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID) -> uuid.UUID:
    """Begin a correction of finished answers, and return the draft's id. If the actor already has an unfinished one,
    return that. Raises Hidden, Refused, or Conflict."""
    page, item = queries.finished(actor=actor, ref=ref, series=series)
    known = sharing.own_person(page.known)
    sharing.require_access(actor=actor, known=known, action=WRITE_PERSON, kind=item.kind)
    code, payload = f"{CORRECTION}:{series}", item.payload
    begun = unfinished.draft_of(actor=actor, known=known, form=code)
    if begun is not None:
        return begun.draft.id
    kept = Kept(
        version=payload.version,
        language=payload.language,
        begun=payload.started,
        finished=payload.finished,
        state=json.loads(payload.state),
        facts=payload.facts,
        files={row[0]: row[1:] for row in payload.files},
        series=series.hex,
        revision=item.revision,
    )
    return drafts.save(actor=actor, known=known, form=code, kind=item.kind, fields=kept.fields())


def keep_file(*, actor: Actor, sitting: Sitting, asked: Asked, upload: SealedUpload) -> tuple[str, Cells]:
    """Store a file that was uploaded for a question, as part of the draft. Return its name, which is the answer, and its
    details. Raises ValidationError."""
    faults = SealedFileField.default_error_messages
    if upload.fault or not upload.size:
        raise ValidationError(faults[upload.fault or "empty"])
    if asked.question.kind == "image" and not upload.media.startswith("image/"):
        raise ValidationError(faults["media"])
    held = files.keep_undecided(actor=actor, known=sitting.known, upload=upload, draft=sitting.draft.id)
    return f"{held.file}.{MEDIA[held.media][1]}", file_cells(held)


def save(*, actor: Actor, sitting: Sitting, page: int, seen: int, new: Mapping[str, Cells]) -> int:
    """Save an unfinished form as it is now, in place of the revision `seen` that its page showed, and return the
    revision. `page` is where it is continued, and `new` are the files that came with the page. Raises NewerDraft,
    Invalid, Hidden, or Refused."""
    answers, draft = sitting.answers, sitting.draft
    state = keeping.state(answers)
    kept = replace(sitting.kept, state=state, language=answers.language, page=page)
    if seen != draft.revision:
        if not new and kept == sitting.kept:
            return draft.revision  # the same was sent twice
        raise NewerDraft
    used = set(answers.given.values())
    kept = replace(kept, files={name: row for name, row in {**kept.files, **new}.items() if name in used})
    try:
        drafts.save(
            actor=actor,
            known=sitting.known,
            form=draft.form,
            kind=draft.kind,
            fields=kept.fields(),
            seen=seen,
            files=[uuid.UUID(row[0]) for row in kept.files.values()],
        )
    except Conflict:
        raise NewerDraft from None
    return seen + 1


def finish(*, actor: Actor, sitting: Sitting, seen: int) -> uuid.UUID:
    """Save finished answers in the person's record, delete the draft, and return the entry's series. Raises NewerDraft,
    Invalid if something is missing or too long, Conflict if a colleague corrected the answers first, Hidden, or
    Refused."""
    if seen != sitting.draft.revision:
        raise NewerDraft
    try:
        if any(asked.wrong for _page, asked in missing(sitting.answers)):
            raise Invalid(N_("The form can't be finished yet. Some answers are missing or aren't accepted."))
        payload = _payload(sitting)
    except EvaluationFailed:
        raise FormFails from None
    if len(to_bytes(payload)) > LONGEST:
        raise Invalid(N_("These answers are too long to be saved. Shorten the longest ones."))
    known, kept = sitting.known, sitting.kept
    series = records.write(
        actor=actor,
        known=known,
        payload=payload,
        series=uuid.UUID(kept.series) if kept.series else None,
        revision=kept.revision,
    )
    files_kept = [uuid.UUID(row[1]) for row in payload.files]
    if not drafts.finish(actor=actor, known=known, form=sitting.draft.form, seen=seen, files=files_kept):
        raise NewerDraft
    for listen in rooms.listening("form-finished"):
        listen(
            actor=actor,
            known=known,
            series=series,
            revision=kept.revision + 1,
            payload=payload,
            answers=sitting.answers,
        )
    return series


def _payload(sitting: Sitting) -> Answered:
    answers, kept, card = sitting.answers, sitting.kept, sitting.card
    asked_in = answers.language
    shown = answers.export()
    state = keeping.state(answers)
    state |= {part: {place: one for place, one in state[part].items() if place in shown} for part in ("given", "marks")}
    header, values = exporting.rows(answers)
    return of_kind(Answered, sitting.draft.kind)(
        version=card.id.hex,
        number=card.number,
        title=card.title,
        language=asked_in,
        started=kept.begun,
        finished=kept.finished or clock.now().isoformat(),
        facts=kept.facts,
        transcripts=_in_each_language(answers, lambda: tuple(_cells(line) for line in transcript(answers))),
        scores=_in_each_language(answers, lambda: tuple(_score_cells(score) for score in scores(answers))),
        header=header,
        values=values,
        xml=exporting.xml_bytes(answers).decode(),
        files=tuple((name, *row) for name, row in kept.files.items() if name in set(shown.values())),
        state=json.dumps(state, ensure_ascii=False),
    )


def _in_each_language(answers: Answers, read: Callable[[], tuple[Cells, ...]]) -> ByLanguage:
    """Return what `read` returns in the language that was asked in, and then in the form's other languages."""
    asked_in, found = answers.language, []
    for language in dict.fromkeys((asked_in, *answers.form.languages)):
        answers.language = language
        answers.compute_all()
        found.append((language, read()))
    answers.language = asked_in
    answers.compute_all()
    return tuple(found)


def _score_cells(score: Score) -> Cells:
    return (score.name, score.label, score.value, score.words)


def _cells(line: Line) -> Cells:
    return tuple(str(one) for one in (line.kind, line.depth, line.place, line.words, line.answer, line.code, line.mark))


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}


def export(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, ending: str) -> tuple[bytes, str]:
    """Return finished answers of one of the agency's own people as a file, with its media type, and log this. Raises
    Hidden or Refused."""
    page, item = queries.finished(actor=actor, ref=ref, series=series)
    known, payload = sharing.own_person(page.known), item.payload
    actor.log("answers-exported", about=[known.person], kinds=[item.kind])
    if ending == "xml":
        return payload.xml.encode(), MEDIA_TYPES[ending]
    write = exporting.csv_bytes if ending == "csv" else exporting.xlsx_bytes
    return write(payload.header, [payload.values]), MEDIA_TYPES[ending]


def open_file(*, actor: Actor, ref: uuid.UUID, series: uuid.UUID, name: str) -> stored.Opened:
    """Open a file that answers a question. Raises Hidden or Refused."""
    page, item = queries.finished(actor=actor, ref=ref, series=series)
    held = item.payload.file_named(name)
    if held is None:
        raise Hidden
    return stored.open_undecided(actor=actor, known=sharing.own_person(page.known), held=held)
