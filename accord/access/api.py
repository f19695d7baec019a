"""What every part of the API shares: one shape of error, JSON only, and an entry as it goes in and out."""

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
    """What is sent: a name that is not known here is an error, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Every refusal and error. What does not exist and what is hidden have the same answer, to the byte."""

    code: str = Field(description="a stable code")
    sentence: str = Field(description="what happened, safe to show, in the reader's language")
    fields: dict[str, str] = Field(description="what is wrong, by field")


class Lost(Problem):
    """Somebody else was quicker: both texts."""

    yours: dict[str, Any] | None = Field(default=None, description="what was sent")
    theirs: dict[str, Any] | None = Field(default=None, description="what stands there now, for one who may read it")
    revision: int | None = Field(default=None, description="its revision")


def for_machines(request: HttpRequest) -> bool:
    """Whether this address belongs to the API, whose answers are JSON."""
    return request.path_info.startswith("/api/v")


ERRORS = dict.fromkeys((401, 403, 404, 405, 415, 422, 429, 503), Problem)


def answer(error: AccordError) -> JsonResponse:
    """An error as JSON. A thing that is hidden says exactly what a thing that does not exist says."""
    body: dict[str, Any] = {"code": error.code, "sentence": _(error.sentence), "fields": {}}
    if isinstance(error, Hidden):
        body = {"code": Hidden.code, "sentence": _(Hidden.sentence), "fields": {}}
    elif isinstance(error, Invalid):
        body["fields"] = {name: _said(said, error) for name, said in (error.data.get("fields") or {}).items()}
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


def _said(said: Any, error: Invalid) -> str:
    first = said[0] if isinstance(said, list) and said else said
    if not first:
        return _(error.sentence)
    return _(first) if isinstance(first, str) else _(first.sentence) % dict(first.values)


class Bodies(Parser):
    """JSON as UTF-8 can carry it. A half of a pair of surrogates, which a program leaves that cuts a text inside an emoji,
    is no text: nothing could keep it. What is nested deeper than Python reads is refused as what cannot be read at all."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body, read. Raises ValueError."""
        try:
            body = json.loads(request.body)
            json.dumps(body, ensure_ascii=False).encode()
        except (UnicodeError, RecursionError) as error:
            raise ValueError("unreadable") from error
        return body


def methods(view: Callable[..., HttpResponse], allowed: frozenset[str]) -> Callable[..., HttpResponse]:
    """Answers other methods with 405 as JSON, and HEAD wherever GET answers."""

    @functools.wraps(view)
    def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD" and "GET" in allowed:
            request.method = "GET"  # the server sends no body after HEAD
        if request.method not in allowed:
            refused = answer(NoSuchMethod())
            refused["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
            return refused
        return view(request, *args, **kwargs)

    return take


def json_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A form's body could carry a step-up code or come from another site: the API takes JSON and nothing else."""

    @functools.wraps(view)
    def take(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.content_type not in ("", "application/json"):
            return answer(NotJson())
        return view(request, *args, **kwargs)

    return take


def once_per_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same `Idempotency-Key` and body, within a day: the first answer again. Errors are not kept: try again."""

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
    """Something else than JSON was sent."""

    code = "not_json"
    status = 415
    sentence = N_("Send JSON.")


class NoSuchMethod(AccordError):
    """This address does not have this method."""

    code = "method"
    status = 405
    sentence = N_("This address doesn't accept that method. The Allow header lists the methods it accepts.")


def install(api: NinjaAPI) -> None:
    """Errors that ninja finds by itself, in our shape and without a word of what was sent."""

    def invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
        fields = {_place(row["loc"]): _("This request isn't valid. See the API documentation.") for row in error.errors}
        return answer(Invalid(fields=fields))

    def unreadable(request: HttpRequest, error: HttpError) -> JsonResponse:
        return answer(Invalid(code="unreadable"))

    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(HttpError, unreadable)


def _place(loc: tuple[Any, ...]) -> str:
    """Where in the body or the address: names of ours only, never what was sent as a name."""
    inside = loc[1 if loc[0] == "query" else 2 :]
    known = [str(part) for part in inside if isinstance(part, str) and part.isidentifier() and len(part) < 30]
    return ".".join(known[:2]) or "body"
