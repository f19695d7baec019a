"""Someone who is afraid finds who to call on the first page, in their language, without any third-party server."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.region import World

SAID = (
    ("en", ("This page is for staff. If you need help", "Call 911", "Text 233733")),
    (
        "es",
        ("Esta página es para el personal. Si necesita ayuda", "Llame al 911", "Envíe un mensaje de texto al 233733"),
    ),
)


@pytest.mark.parametrize(("language", "words"), SAID)
def test_the_first_page_says_who_to_call(world: World, language: str, words: tuple[str, ...]) -> None:
    page = world.client().get("/", follow=True, headers={"accept-language": language}).content.decode()
    for part in (*words, 'href="tel:911"', 'href="tel:+18883737888"', 'href="sms:233733"', "1-888-373-7888"):
        assert part in page


def test_a_hub_puts_its_own_line_first(world: World) -> None:
    with override_settings(ACCORD_HELP_LINE="Riverbend Crisis Line, 555-201-0188"):
        page = world.client().get("/sign-in/").content.decode()
    assert page.index('href="tel:+15552010188"') < page.index('href="tel:+18883737888"')
    assert "Riverbend Crisis Line" in page


@pytest.mark.parametrize("said", ["", "no phone", " , ", "Line,"])
def test_a_line_without_a_name_or_a_phone_is_left_out(world: World, said: str) -> None:
    with override_settings(ACCORD_HELP_LINE=said):
        assert world.client().get("/sign-in/").content.decode().count('href="tel:') == 2
