"""Made-up people and agencies for the gallery, set in Riverbend, in both languages and with long words.

Only the gallery uses these words, so they are not in the translation catalog.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from accord.ui import charts
from accord.ui import components as c
from accord.ui.fields import BirthField, CodeInput, SensitiveChoiceField
from accord.ui.frame import Frame, Language, NavItem
from accord.ui.lists import Choice, listed

TODAY = date(2026, 11, 22)


def say(english: str, spanish: str) -> str:
    """Return the words in the reader's language."""
    return spanish if (get_language() or "en").startswith("es") else english


def frame() -> Frame:
    """Return an advocate's frame on the *People* page."""
    return Frame(
        signed_in=True,
        acting_for="Harbor House",
        role_words=say("advocate", "defensora"),
        nav=(
            NavItem(say("Today", "Hoy"), "#today", icon="today"),
            NavItem(
                say("People", "Personas"),
                "#people",
                True,
                "people",
                (
                    NavItem(say("My clients", "Mis clientes"), "#mine", True),
                    NavItem(say("Find someone", "Buscar a alguien"), "#find"),
                    NavItem(say("Open a record", "Abrir un expediente"), "#new"),
                ),
            ),
            NavItem(say("Referrals", "Remisiones"), "#referrals", icon="referrals"),
            NavItem(say("Coalition", "Coalición"), "#coalition", icon="coalition"),
            NavItem(say("Learning", "Aprendizaje"), "#learning", icon="learning"),
            NavItem(say("Numbers", "Cifras"), "#numbers", icon="numbers"),
            NavItem(say("Our agency", "Nuestra agencia"), "#agency", icon="agency"),
        ),
        notices=3,
        notices_url="#notices",
        search_url="#search",
        account_name="Alma",
        account_items=(NavItem(say("Your account", "Su cuenta"), "#account"),),
        sign_out_url="#sign-out",
        language_url="#language",
        languages=tuple(Language(code, str(name)) for code, name in settings.LANGUAGES),
    )


def form(*, wrong: bool) -> forms.Form:
    """Return a form with one field of every type, either empty or with an error on each field."""

    class Sample(forms.Form):
        name = forms.CharField(label=say("Name they use", "Nombre que usa"))
        contact = forms.ChoiceField(
            label=say("What is a safe way to reach them?", "¿Qué forma de contacto es segura?"),
            widget=forms.RadioSelect,
            choices=[
                ("text", say("Text", "Mensaje de texto")),
                ("call", say("Call", "Llamada")),
                ("none", say("Prefer not to say", "Prefiere no decirlo")),
                ("unasked", say("Not asked", "No se le preguntó")),
            ],
        )
        status = SensitiveChoiceField(
            label=say("Immigration status", "Estatus migratorio"),
            choices=[("waiting", say("Application pending", "Solicitud en trámite"))],
        )
        needs = forms.MultipleChoiceField(
            label=say("What do they need first?", "¿Qué necesita primero?"),
            widget=forms.CheckboxSelectMultiple,
            required=wrong,
            choices=[
                ("room", say("A safe room of their own", "Un cuarto propio y seguro")),
                ("papers", say("Immigration legal services", "Servicios legales de inmigración")),
                ("work", say("A job that isn't cleaning", "Un trabajo que no sea de limpieza")),
            ],
        )
        born = BirthField(
            label=say("Date of birth", "Fecha de nacimiento"),
            required=False,
            help_text=say("If only the year is known, type the year.", "Si solo se sabe el año, escriba el año."),
        )
        code = forms.CharField(
            label=say("Your code", "Su código"), required=False, widget=CodeInput(url="#", passkey="get")
        )
        language = forms.ChoiceField(
            label=say("Language", "Idioma"), choices=[("", ""), ("en", "English"), ("es", "Español")]
        )
        story = forms.CharField(
            label=say("In their own words", "Con sus propias palabras"),
            widget=forms.Textarea(attrs={"rows": 4}),
            required=wrong,
        )
        passphrase = forms.CharField(
            label=say("Passphrase", "Frase de acceso"),
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        paper = forms.FileField(label=say("The signed form", "El formulario firmado"), required=wrong)
        agree = forms.BooleanField(label=say("I read this to them in their language", "Se lo leí en su idioma"))

    if not wrong:
        return Sample(prefix="new")
    return Sample({"wrong-born_0": "31", "wrong-born_1": "2", "wrong-born_2": "1998"}, prefix="wrong")


def people() -> dict[str, Any]:
    """Return samples of strips, explanations, and lists."""
    until = say("until Dec. 20, 2026", "hasta el 20 de diciembre de 2026")
    return {
        "strip": c.WhoSees(
            (
                c.Sees("Harbor House", say("everything", "todo")),
                c.Sees("Legal Aid", say(f"name and needs, {until}, legal help",
                                        f"nombre y necesidades, {until}, ayuda legal")),
            ),
            why_url="#why",
        ),
        "strip_saved": c.WhoSees(
            partners={"needs": ("Legal Aid",)},
            saved=(
                say("Only Harbor House can see this.", "Solo Harbor House puede ver esto."),
                say("Harbor House can see this, and so can %(partners)s.",
                    "Harbor House puede ver esto, y también %(partners)s."),
            ),
        ),
        "saved_one": c.Saved(say("Case note saved.", "La nota del caso se guardó."), kinds=("notes.case",)),
        "saved_two": c.Saved(say("3 needs added.", "Se agregaron 3 necesidades."), kinds=("needs",), undo="#undo"),
        "strip_partner": c.WhoSees(
            own_line=say(f"Harbor House shares this with you {until}, for legal help.",
                         f"Harbor House comparte esto con usted {until}, para ayuda legal."),
            why_url="#why",
        ),
        "may": c.Explanation(
            True,
            say("Sam signed a release to your agency and is assigned to you.",
                "Sam firmó una autorización para su agencia y está asignada a usted."),
            (
                c.Link(say("Release of Nov. 20, 2026", "Autorización del 20 de noviembre de 2026"), "#release"),
                say("Assigned by Adele on Oct. 2, 2026", "Asignación de Adele, 2 de octubre de 2026"),
            ),
        ),
        "may_not": c.Explanation(
            False,
            say("Only clinicians can open health notes.", "Las notas de salud solo las abre el personal clínico."),
            would_take=(
                say("A release by Sam that names health", "Una autorización de Sam que nombre la salud"),
                c.Link(say("Access granted by your supervisor, with a reason", "Acceso otorgado por supervisión, con un motivo"),
                       "#grant"),
            ),
        ),
        "needs": (
            c.Row(
                say("A safe room of their own", "Un cuarto propio y seguro"), "#room",
                say("Offered to two shelters", "Ofrecido a dos refugios"),
                say("A place with my own lock.", "Un lugar con una cerradura que sea mía."),
                c.Tag("urgent", say("This week", "Esta semana")),
                turn=say("Waiting for Lakeside Youth Center for 4 hours",
                         "Le toca a Lakeside Youth Center, espera desde hace 4 horas"),
            ),
            c.Row(say("Immigration legal services", "Servicios legales de inmigración"), "#papers",
                  say("With Elena at Legal Aid since Thursday", "Con Elena en Legal Aid desde el jueves"),
                  tag=c.Tag("wait", say("This month", "Este mes")),
                  warning=say("Don't send mail to the home.", "No enviar cartas a la casa.")),
            c.Row(say("A job that isn't cleaning", "Un trabajo que no sea de limpieza"), "#work",
                  say("Goal: bakery course in spring", "Su meta: curso de panadería en primavera"),
                  tag=c.Tag("plain", say("Later", "Más adelante")),
                  ways=(c.Link(say("Continue", "Continuar"), "#work"), c.Link(say("Discard", "Descartar"), "#discard"))),
        ),
        "releases": (
            c.Row("Legal Aid", "#legal-aid",
                  say("Name and needs, for legal help. Signed by Sam, in Spanish.",
                      "Nombre y necesidades, para ayuda legal. Firmada por Sam, en español."),
                  tag=c.Tag("ok", say("In effect", "Vigente"))),
            c.Row(say("County Hospital", "Hospital del Condado"), "#hospital",
                  say("Revoked by phone on Nov. 12, 2026. They can no longer see anything.",
                      "Por teléfono, 12 de noviembre de 2026. Ya no pueden ver nada."),
                  tag=c.Tag("ended", say("Revoked", "Revocada"))),
        ),
        "looked": (
            c.Row("Elena, Legal Aid", detail=say("Needs. Allowed by the release of Nov. 20, 2026.",
                                                 "Necesidades. Permitido por la autorización del 20 de noviembre."),
                  aside=say("today, 9:14 a.m.", "hoy, 9:14 a.m.")),
            c.Row(say("You", "Usted"), aside=say("today, 8:50 a.m.", "hoy, 8:50 a.m.")),
        ),
        "parts": tuple(
            NavItem(say(english, spanish), f"#{english}", english == "Needs")
            for english, spanish in (
                ("Needs", "Necesidades"), ("Plan", "Plan"), ("Services", "Servicios"), ("Notes", "Notas"),
                ("Referrals", "Remisiones"), ("Releases", "Autorizaciones"), ("Deadlines", "Plazos"),
                ("Viewed by", "Quién lo vio"),
            )
        ),
        "listed": listed(
            {"q": say("house", "casa"), "show": "open"},
            [f"Harbor House {n}" for n in range(9)],
            shows=[Choice("", say("All", "Todas")), Choice("open", say("Open", "Abiertas"), lambda row: "3" in row)],
            sorts=[Choice("", say("Newest", "Lo más nuevo"), len), Choice("name", say("Name", "Nombre"), str)],
            search=(say("Search by name", "Buscar por nombre"), lambda row: f"{row} casa"),
        ),
        "narrow": (
            NavItem(say("All 34", "Las 34"), "#all", True),
            NavItem(say("Waiting for us, 5", "Nos toca, 5"), "#ours"),
            NavItem(say("Waiting for them, 3", "Les toca, 3"), "#theirs"),
        ),
    }  # fmt: skip


def figures() -> dict[str, Any]:
    """Return samples of tables, charts, and deadlines."""
    hidden = say("fewer than 11, not shown", "menos de 11, no se muestra")
    kinds = (say("Labor", "Laboral"), 164), (say("Sex", "Sexual"), 97)
    rows = (*kinds, (say("Both", "Ambas"), c.SUPPRESSED), (say("Not yet known", "Aún no se sabe"), c.SUPPRESSED))
    return {
        "chart": charts.bars(
            say("More people left labor trafficking than sex trafficking",
                "Más personas salieron de la trata laboral que de la sexual"),
            rows, label=say("Type of trafficking", "Tipo de trata"), unit=say("People", "Personas"),
            hidden=hidden,
        ),
        "source": say("312 people, January to June 2026, 31 of 34 agencies. Sums, with duplicates.",
                      "312 personas, enero a junio de 2026, 31 de 34 agencias. Sumas, sin quitar duplicados."),
        "table": c.Table(
            say("Submissions for January to June 2026", "Entregas de enero a junio de 2026"),
            (
                c.Column(say("Agency", "Agencia")), c.Column(say("State", "Estado")),
                c.Column(say("Due", "Vence")), c.Column(say("People", "Personas"), numeric=True),
            ),
            (
                (c.Link("Lakeside Youth Center", "#l"), c.Tag("urgent", say("9 days late", "9 días de retraso")),
                 date(2026, 11, 13), None),
                (c.Link("Harbor House", "#h"), c.Tag("ok", say("Submitted", "Entregada")), date(2026, 11, 27), 1234),
                (c.Link(say("Riverbend Child Protection Services, Night Desk",
                            "Servicios de Protección Infantil de Riverbend, guardia nocturna"), "#c"),
                 c.Tag("wait", say("Due Friday", "Vence el viernes")), date(2026, 11, 27), c.SUPPRESSED),
            ),
            (hidden,),
        ),
        "table_empty": c.Table(say("Meetings", "Reuniones"), (c.Column(say("Day", "Día")),), (),
                               empty=say("No meeting is planned.", "No hay ninguna reunión prevista.")),
        "deadlines": tuple(
            c.Deadline(say("Apply for victim compensation", "Solicitar la compensación para víctimas"), when,
                       say("State code 12-404(b): within three years", "Código estatal 12-404(b): tres años"),
                       say("After this date the fund denies it, unless a judge allows it.",
                           "Después de ese día el fondo la rechaza, salvo que un juez la permita."))
            for when in (date(2026, 11, 20), date(2026, 11, 28), date(2026, 12, 15), date(2027, 6, 1))
        ),
        "today": TODAY,
        "known": ((say("Name they use", "Nombre que usa"), "Sam"),
                  (say("Speaks", "Habla"), say("Spanish, some English", "español, algo de inglés")),
                  (say("With us since", "Aquí desde"), say("Oct. 2, 2026", "2 de octubre de 2026"))),
        "page_one": c.Page(2, 7, "?page=%d", 134),
    }  # fmt: skip


def forms_and_signing() -> dict[str, Any]:
    """Return samples of steps, forms, signing pages, and secrets."""
    noon = datetime(2026, 11, 20, 14, 5, tzinfo=timezone.get_current_timezone())
    return {
        "form": form(wrong=False),
        "form_wrong": form(wrong=True),
        "draft": c.Button("draft", say("Save as a draft", "Guardar como borrador"),
                          say("A draft is only for you.", "Un borrador es solo para usted.")),
        "why": say("So that no one calls at a bad time.", "Para que nadie llame en mal momento."),
        "journey": (c.Step(say("Who they are", "Quién es"), "done", "#1"),
                    c.Step(say("Safe contact", "Contacto seguro"), "current"),
                    c.Step(say("First needs", "Primeras necesidades"))),
        "history": (
            c.Event(noon, say("Release to Legal Aid signed", "Autorización para Legal Aid firmada"),
                    say("In Spanish, on paper", "En español, en papel"), c.Tag("ok", say("In effect", "Vigente"))),
            c.Event(date(2026, 10, 2), say("First met, by Alma", "Primer encuentro, con Alma")),
        ),
        "signing": c.Signing(
            say("Permission to share with Legal Aid", "Permiso para compartir con Legal Aid"), "Harbor House",
            (say("The name you use", "El nombre que usa"), say("What you need", "Lo que necesita")),
            "Riverbend Legal Aid", say("Help with immigration", "Ayuda con inmigración"), date(2026, 11, 20), date(2026, 12, 20),
            say("Nothing changes. We'll help you the same way.", "No cambia nada. Le ayudamos igual."),
            say("Not included", "No se incluye"), get_language() or "en",
        ),
        "words": ("lantern", "orchard", "velvet", "harbor", "cinnamon", "thimble"),
        "codes": ("KX4P-9TQM", "7RWD-2HJC", "MB6N-V3YF", "Q8ZT-4LPE"),
    }  # fmt: skip


def components() -> dict[str, Any]:
    """Return everything that the gallery shows."""
    return {
        "ways": [
            {"heading": say("Legal Aid", "Ayuda Legal"), "kinds": [say("Name", "Nombre"), say("Needs", "Necesidades")]}
        ],
        **people(),
        **figures(),
        **forms_and_signing(),
        "say": Say(),
    }


class Say:
    """The few words that the gallery's template needs, as `{{ say.key }}`."""

    WORDS = {
        "about": ("24 · they · with us since Oct. 2, 2026 · assigned to you, supervisor Adele",
                  "24 · aquí desde el 2 de octubre de 2026 · su cliente, supervisión: Adele"),
        "share": ("Share with a partner", "Compartir con otra agencia"),
        "mine": ("My clients", "Mis clientes"),
        "people": ("People", "Personas"),
        "contact": ("Safe contact now", "Contacto seguro ahora"),
        "contact_big": ("Text, weekdays 10 to 12", "Mensaje de texto, de lunes a viernes, 10 a 12"),
        "contact_more": ("Asked 3 days ago. Never call or leave a message.",
                         "Se le preguntó hace 3 días. Nunca llamar ni dejar mensajes."),
        "risk": ("Today's risk", "Riesgo de hoy"),
        "risk_big": ("He knows where they work", "Él sabe dónde trabaja"),
        "risk_more": ("Safety plan reviewed Nov. 18, 2026", "Plan de seguridad revisado el 18 de noviembre de 2026"),
        "next": ("Next two steps", "Próximos dos pasos"),
        "next_big": ("Legal Aid answers by Monday", "Legal Aid responde antes del lunes"),
        "next_more": ("Then: room visit, Tuesday 9:30", "Después: visita al cuarto, martes 9:30"),
        "needs": ("Needs", "Necesidades"),
        "releases": ("Releases", "Autorizaciones"),
        "looked": ("Viewed by", "Quién lo vio"),
        "add": ("Add a need", "Agregar una necesidad"),
        "help": ("What we know about them, and who sees it. Only your agency and the agencies named above can open it.",
                 "Lo que sabemos de esta persona y quién lo ve. Solo su agencia y las nombradas arriba pueden abrirlo."),
        "changed": ("Last change: Alma, Nov. 20, 2026, 2:05 p.m.",
                    "Último cambio: Alma, 20 de noviembre de 2026, 2:05 p.m."),
        "save": ("Share with Legal Aid", "Compartir con Legal Aid"),
        "who": ("Harbor House and Legal Aid will see this. No one else.",
                "Lo verán Harbor House y Legal Aid. Nadie más."),
        "later": ("Save and finish later", "Guardar y terminar después"),
        "saved": ("Saved. Nothing is shared yet.", "Guardado. Todavía no se comparte nada."),
        "soon": ("The release to Legal Aid ends in 3 days.", "La autorización para Legal Aid termina en 3 días."),
        "nobody": ("No one here yet", "Todavía no hay nadie"),
        "nobody_more": ("People who are assigned to you appear here.", "Aquí aparecen las personas asignadas a usted."),
        "open": ("Open a record", "Abrir un expediente"),
        "work": ("Preparing the half-year figures", "Preparando las cifras del semestre"),
        "left": ("2 minutes", "2 minutos"),
        "pause": ("You can leave this page. Work pauses, and continues when someone with access is back.",
                  "Puede salir de esta página. El trabajo se detiene y sigue cuando regrese alguien con permiso."),
        "passphrase": ("Your passphrase: six words", "Su frase de acceso: seis palabras"),
        "codes": ("One-time codes", "Códigos de un solo uso"),
        "paper": ("Write them on paper. They are shown once.", "Escríbalos en papel. Se muestran una sola vez."),
    }  # fmt: skip

    def __getitem__(self, key: str) -> str:
        return say(*self.WORDS[key])
