"""Shared parts of the API: one error format, JSON only, and schemas for input and output."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic import ConfigDict, Field

from accord.accounts import once
from accord.core.errors import AccordError, Conflict, Hidden, Invalid
from accord.core.text import N_


class Strict(Schema):
    """The base of every input schema. An unknown field is an error and is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """The format of every refusal and error. The responses for a missing item and a hidden item are identical, byte for
    byte."""

    code: str = Field(description="a stable code")
    sentence: str = Field(description="what happened, safe to show, in the caller's language")
    fields: dict[str, str] = Field(description="what is wrong with each field")


class Lost(Problem):
    """Another change was saved first. The response contains both versions."""

    yours: dict[str, Any] | None = Field(default=None, description="what was sent")
    theirs: dict[str, Any] | None = Field(default=None, description="the current version, if the caller may read it")
    revision: int | None = Field(default=None, description="the revision of the current version")


def for_machines(request: HttpRequest) -> bool:
    """Return True if this address belongs to the API, which responds in JSON."""
    return request.path_info.startswith("/api/v")


ERRORS = dict.fromkeys((401, 403, 404, 405, 415, 422, 429, 503), Problem)


def answer(error: AccordError) -> JsonResponse:
    """Return an error as JSON. The response for a hidden item is identical to the response for a missing one."""
    body: dict[str, Any] = {"code": error.code, "sentence": _(error.sentence), "fields": {}}
    if isinstance(error, Hidden):
        body = {"code": Hidden.code, "sentence": _(Hidden.sentence), "fields": {}}
    elif isinstance(error, Invalid):
        body["fields"] = {
            name: _first_sentence(sentences, error) for name, sentences in (error.data.get("fields") or {}).items()
        }
    elif isinstance(error, Conflict):
        mine, theirs = error.data.get("mine"), error.data.get("theirs")
        body |= {"yours": dataclasses.asdict(mine) if mine else None, "theirs": None, "revision": None}
        if theirs:
            body |= {"theirs": dataclasses.asdict(theirs.payload), "revision": theirs.revision}
    elif error.data.get("remedy"):
        body["sentence"] += " " + _(str(error.data["remedy"]))
    response = JsonResponse(body, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _first_sentence(sentences: Any, error: Invalid) -> str:
    first = sentences[0] if isinstance(sentences, list) and sentences else sentences
    if not first:
        return _(error.sentence)
    return _(first) if isinstance(first, str) else str(first.in_words(_))


class Bodies(Parser):
    """Parse JSON that can be encoded as UTF-8.

    Refuse half a surrogate pair, which can't be stored. A program can produce one by cutting text in the middle of an
    emoji. Also refuse JSON that is nested too deeply for Python to read.
    """

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the parsed body. Raises ValueError."""
        try:
            body = json.loads(request.body)
            json.dumps(body, ensure_ascii=False).encode()
        except (UnicodeError, RecursionError) as error:
            raise ValueError("unreadable") from error
        return body


def methods(view: Callable[..., HttpResponse], allowed: frozenset[str]) -> Callable[..., HttpResponse]:
    """Respond to a method that isn't allowed with 405 as JSON, and allow HEAD wherever GET is allowed."""

    @functools.wraps(view)
    def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD" and "GET" in allowed:
            request.method = "GET"  # the server sends no body for HEAD
        if request.method not in allowed:
            refused = answer(NoSuchMethod())
            refused["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
            return refused
        return view(request, *args, **kwargs)

    return take


def json_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Accept JSON only. A form body could contain a step-up code or come from another site."""

    @functools.wraps(view)
    def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.content_type not in ("", "application/json"):
            return answer(NotJson())
        return view(request, *args, **kwargs)

    return take


def once_per_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the first response again if the same `Idempotency-Key` and body are sent within a day. Errors are not
    stored."""

    @functools.wraps(view)
    def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        claim = once.of_call(request) if request.method == "POST" else None
        if isinstance(claim, HttpResponse):
            return claim
        response = view(request, *args, **kwargs)
        if claim is not None and response.status_code < 400:
            once.of_call_done(claim, response)
        return response

    return take


class NotJson(AccordError):
    """The request body was not JSON."""

    code = "not_json"
    status = 415
    sentence = N_("Send JSON.")


class NoSuchMethod(AccordError):
    """This address does not accept this method."""

    code = "method"
    status = 405
    sentence = N_("This address doesn't accept that method. The Allow header lists the accepted methods.")


def install(api: NinjaAPI) -> None:
    """Make ninja return its errors in our format, without repeating any of the input."""

    def invalid(request: HttpRequest, error: Any) -> JsonResponse:
        fields = {_place(row["loc"]): _("This request isn't valid. See the API documentation.") for row in error.errors}
        return answer(Invalid(fields=fields))

    def unreadable(request: HttpRequest, error: Any) -> JsonResponse:
        return answer(Invalid(code="unreadable"))

    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, unreadable)


def _place(loc: tuple[Any, ...]) -> str:
    """Return where in the body or address an error is, using only our own names and never names from the input."""
    inside = loc[1 if loc[0] == "query" else 2 :]
    known = [str(part) for part in inside if isinstance(part, str) and part.isidentifier() and len(part) < 30]
    return ".".join(known[:2]) or "body"
