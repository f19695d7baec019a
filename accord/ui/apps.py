"""The Django app: templates, tags and static files; no models."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "accord.ui"
    label = "ui"
