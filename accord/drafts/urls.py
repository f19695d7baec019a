"""Addresses for drafts. A draft is continued on the page of its form."""

from django.urls import path

from accord.drafts import views

app_name = "drafts"
urlpatterns = [path("drafts/<uuid:draft>/discard/", views.discard, name="discard")]
