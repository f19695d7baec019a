"""Addresses of releases."""

from django.urls import path

from accord.releases import views

app_name = "releases"
urlpatterns = [
    path("people/<uuid:ref>/releases/new/", views.new, name="new"),
    path("people/<uuid:ref>/releases/<uuid:series>/", views.release, name="release"),
    path("people/<uuid:ref>/releases/<uuid:series>/sign/", views.sign, name="sign"),
    path("people/<uuid:ref>/releases/<uuid:series>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<uuid:ref>/releases/<uuid:series>/form.pdf", views.form_pdf, name="form_pdf"),
    path("people/<uuid:ref>/accounting/", views.accounting, name="accounting"),
    path("people/<uuid:ref>/accounting.pdf", views.accounting_pdf, name="accounting_pdf"),
]
