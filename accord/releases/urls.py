"""URLs of the release pages."""

from django.urls import path

from accord.releases import handing_views, official_views, scan_views, terms_views, views

app_name = "releases"
urlpatterns = [
    path("people/<uuid:ref>/forms/new/", terms_views.new, name="new"),
    path("people/<uuid:ref>/forms/new/<int:to>/", terms_views.terms, name="terms"),
    path("people/<uuid:ref>/forms/<uuid:series>/", views.release, name="release"),
    path("people/<uuid:ref>/forms/<uuid:series>/sign/", handing_views.sign, name="sign"),
    path("people/<uuid:ref>/forms/<uuid:series>/on-file/", handing_views.on_paper, name="on_paper"),
    path("people/<uuid:ref>/forms/<uuid:series>/finish/", handing_views.finish, name="finish"),
    path("people/<uuid:ref>/forms/<uuid:series>/sign-anew/", handing_views.sign_anew, name="sign_anew"),
    path("people/<uuid:ref>/forms/<uuid:series>/form/<str:language>/", handing_views.theirs, name="theirs"),
    path("people/<uuid:ref>/forms/<uuid:series>/form/<str:language>/back/", handing_views.back, name="back"),
    path(
        "people/<uuid:ref>/forms/<uuid:series>/form/<str:language>/back/passkey/",
        handing_views.back_passkey,
        name="back_passkey",
    ),
    path("people/<uuid:ref>/forms/<uuid:series>/scans/new/", scan_views.new, name="scan_new"),
    path("people/<uuid:ref>/forms/<uuid:series>/scans/<uuid:scan>/", scan_views.one, name="scan"),
    path("people/<uuid:ref>/forms/<uuid:series>/not-asked/", views.not_asked, name="not_asked"),
    path("people/<uuid:ref>/forms/<uuid:series>/go-on/", views.go_on, name="go_on"),
    path("people/<uuid:ref>/forms/<uuid:series>/discard/", views.discard, name="discard"),
    path("people/<uuid:ref>/own/new/", official_views.new, name="official_new"),
    path("people/<uuid:ref>/own/<uuid:series>/", official_views.one, name="official"),
    path("people/<uuid:ref>/own/<uuid:series>/end/", official_views.end, name="official_end"),
    path("people/<uuid:ref>/same/", views.same, name="same"),
    path("people/<uuid:ref>/part/", views.part, name="part"),
    path("people/<uuid:ref>/others/", views.circle, name="circle"),
    path("people/<uuid:ref>/others/new/", views.new_member, name="new_member"),
    path("people/<uuid:ref>/others/<uuid:series>/", views.member, name="member"),
    path("people/<uuid:ref>/forms/<uuid:series>/stop/", views.withdraw, name="withdraw"),
    path("people/<uuid:ref>/forms/<uuid:series>/stopped/", views.stopped, name="stopped"),
    path("people/<uuid:ref>/forms/<uuid:series>/form.pdf", views.form_pdf, name="form_pdf"),
    path("people/<uuid:ref>/history/", views.accounting, name="accounting"),
    path("people/<uuid:ref>/history.pdf", views.accounting_pdf, name="accounting_pdf"),
]
