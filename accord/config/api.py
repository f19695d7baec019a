"""The API and its documentation: every room's operations under one address, each with its access mark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from accord.access.api import Bodies, install, json_only, methods, once_per_key
from accord.access.codes import FIND_PERSON
from accord.access.marks import open_to_all
from accord.accounts import once
from accord.config import reference
from accord.core.rooms import rooms

BASE = "/api/v1"
ABOUT = (
    "People and releases, under the same rules as on every page. A program can read only what the agency may read. A "
    "connected system sends its token as `Authorization: Bearer`. By default, it can only add information."
)

api = NinjaAPI(
    title="Accord",
    version="1",
    description=ABOUT,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=Bodies(),
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
for room in rooms():
    if room.api:
        # The module may hold only entry types, which register themselves.
        operations = import_module(f"accord.{room.name}.{room.api}")
        if hasattr(operations, "router"):
            api.add_router("", operations.router)
install(api)


IDEMPOTENCY = {
    "name": once.KEY,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": once.LONGEST_KEY},
    "description": "your own text, new for each thing that you add. If you send it again within a day with the same "
    "body, you get the first answer and nothing is added. With another body, you get 422",
}


def _keeps_answers(mark: dict[str, Any] | None) -> bool:
    """Return True if a POST may include an idempotency key. A name search may not, because its answers are never
    stored, even encrypted."""
    return mark is not None and mark.get("action") != FIND_PERSON


@cache  # the same for everyone, and slow to build
def document() -> dict[str, object]:
    """Return the OpenAPI document. Callers must not change it."""
    found: dict[str, Any] = json.loads(json.dumps(dict(api.get_openapi_schema(path_prefix=BASE)), default=str))
    for bound in api._get_bound_routers():
        for route, view in bound.path_operations.items():
            for one in view.operations:
                if "POST" in one.methods and _keeps_answers(getattr(one.view_func, "access", None)):
                    place = found["paths"][BASE + re.sub(r"{\w+:", "{", route)]["post"]
                    place.setdefault("parameters", []).append(IDEMPOTENCY)
    return found


@open_to_all
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the API description for programs (OpenAPI 3.1). It includes nothing about people or agencies."""
    return JsonResponse(document())


@open_to_all
@require_safe
def read_me(request: HttpRequest) -> HttpResponse:
    """Show the API description for human readers."""
    context = {"about": ABOUT, "operations": reference.tables(document()), "types": reference.type_tables()}
    return render(request, "ui/api.html", context)


def _operations() -> Iterator[URLPattern]:
    """Yield one URL pattern for each path. Each method has its operation's mark, and a method without a mark is denied."""
    for bound in api._get_bound_routers():
        for route, view in bound.path_operations.items():
            marks = {m: getattr(one.view_func, "access", None) for one in view.operations for m in one.methods}
            called = view.get_view()
            if _keeps_answers(marks.get("POST")):
                called = once_per_key(called)
            call: Any = methods(json_only(called), frozenset(marks))
            call.csrf_exempt = False  # a request with a cookie needs a form token, as on every page
            call.access = {"by_method": marks}
            call.__doc__ = view.operations[0].view_func.__doc__
            name = view.operations[0].view_func.__name__
            yield path("v1" + route.replace("{", "<").replace("}", ">"), call, name=name)


urlpatterns = [
    path("", read_me, name="read_me"),
    path("openapi.json", openapi, name="openapi"),
    *_operations(),
]
