"""Steps for bringing a form to an agency, and publishing it."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from accord.questionnaires import queries, services
from tests.region import World
from tests.steps.workbooks import save

SMALL = """
type | name | label::English (en) | label::Español (es) | relevant
text | nickname | What should we call you? | ¿Cómo le decimos? |
select_one yes_no | safe | Are you safe today? | ¿Está a salvo hoy? |
text | worry | What worries you? | ¿Qué le preocupa? | ${safe} = 'no'
"""
YES_NO = """
list_name | name | label::English (en) | label::Español (es)
yes_no | yes | Yes | Sí
yes_no | no | No | No
"""

EVERYTHING = """
type | name | label::English (en) | label::Español (es) | hint | guidance_hint | relevant | constraint | \
constraint_message | required | calculation | appearance | repeat_count | parameters | sensitive | read_only | default
begin_group | one | First page | Primera página | | | | | | | | | | | | |
text | nickname | Name <b>here</b> | Nombre | As **you** like | Ask gently | | | | yes | | | | | | |
text | story | Story | Historia | | | | | | | | multiline | | | yes | |
integer | age | Age | Edad | | | | . < 120 | Too old | | | | | | | |
decimal | height | Height | Altura | | | | | | | | | | | | |
select_one yes_no | safe | Safe? | ¿A salvo? | | | | | | | | | | | yes | |
text | worry | Worry? | ¿Preocupación? | | | ${safe} = 'no' | | | | | | | | | |
end_group | | | | | | | | | | | | | | | |
begin_group | two | Second page | Segunda página | | | | | | | | | | | | |
date | born | Born | Nacimiento | | | | | | | | | | | | |
date | since | Since | Desde | | | | | | | | month-year | | | | |
time | at | At | Hora | | | | | | | | | | | | |
dateTime | seen | Seen | Visto | | | | | | | | | | | | |
select_multiple towns | been | Been | Ha estado | | | | | | | | | | | | |
select_one towns | town | Town | Pueblo | | | | | | | | minimal | | | yes | |
rank towns | order | Order | Orden | | | | | | | | | | | | |
range | pain | Pain | Dolor | | | | | | | | | | start=0 end=10 step=2 | | |
note | say | Hello ${nickname} | Hola ${nickname} | | | | | | | | | | | | |
acknowledge | agree | Agree | De acuerdo | | | | | | | | | | | | |
image | picture | Picture | Foto | | | | | | | | | | | | |
geopoint | place | Place | Lugar | | | | | | | | | | | | |
barcode | code | Code | Código | | | | | | | | | | | | |
text | fixed | Fixed | Fijo | | | | | | | | | | | | yes | as it is
end_group | | | | | | | | | | | | | | | |
begin_group | three | Third page | Tercera página | | | | | | | | table-list | | | yes | |
select_one yes_no | warm | Warm | Cálido | | | | | | | | | | | | |
select_one yes_no | quiet | Quiet | Tranquilo | | | | | | | | | | | | |
end_group | | | | | | | | | | | | | | | |
begin_repeat | child | Child | Hijo | | | | | | | | | | | | |
text | called | Called | Se llama | | | | | | | | | | | | |
end_repeat | | | | | | | | | | | | | | | |
"""
TOWNS = """
list_name | name | label::English (en) | label::Español (es)
yes_no | yes | Yes | Sí
yes_no | no | No | No
towns | a | Alto | Alto
towns | b | Bajo | Bajo
towns | c | Centro | Centro
"""


def workbook(survey: str = SMALL, *, title: str = "Daily check-in", **sheets: str) -> bytes:
    """Return the bytes of a workbook with this survey."""
    with tempfile.TemporaryDirectory() as folder:
        settings = f"form_title | form_id\n{title} | form"
        path = save(Path(folder) / "form.xlsx", **{"survey": survey, "choices": YES_NO, "settings": settings, **sheets})
        return path.read_bytes()


def upload(content: bytes, name: str = "form.xlsx", field: str = "workbook") -> dict[str, SimpleUploadedFile]:
    """Return the data of an upload page."""
    return {field: SimpleUploadedFile(name, content)}


def published(
    world: World,
    content: bytes,
    *,
    user: str = "adele",
    kind: str = "needs",
    of: uuid.UUID | None = None,
) -> queries.VersionCard:
    """Publish a form, or with `of` a new version of one."""
    with world.as_(user) as actor:
        if of is None:
            made = services.add(actor=actor, name="form.xlsx", content=content)
        else:
            made = services.load_again(actor=actor, questionnaire=of, name="form.xlsx", content=content)
        services.publish(actor=actor, card=queries.version(actor=actor, version=made), kind=kind)
        return queries.version(actor=actor, version=made)
