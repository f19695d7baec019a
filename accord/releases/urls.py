"""Addresses of releases."""

from django.urls import path

from accord.releases import views

app_name = "releases"
urlpatterns = [
    path("people/<uuid:ref>/releases/new/", views.new, name="new"),
]
