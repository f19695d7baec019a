"""URLs of forms."""

from django.urls import path

from accord.questionnaires import preview_views, views

app_name = "questionnaires"
urlpatterns = [
    path("forms/", views.forms, name="forms"),
    path("forms/new/", views.add, name="add"),
    path("forms/new/shipped/", views.add_shipped, name="add_shipped"),
    path("forms/tools/", views.tools, name="tools"),
    path("forms/<uuid:questionnaire>/", views.form, name="form"),
    path("forms/<uuid:questionnaire>/new/", views.load_again, name="load_again"),
    path("forms/<uuid:questionnaire>/retire/", views.retire, name="retire"),
    path("forms/versions/<uuid:version>/", views.version, name="version"),
    path("forms/versions/<uuid:version>/file/", views.attach, name="attach"),
    path("forms/versions/<uuid:version>/publish/", views.publish, name="publish"),
    path("forms/versions/<uuid:version>/try/", preview_views.try_out, name="try_out"),
    path("forms/versions/<uuid:version>/workbook/", views.workbook, name="workbook"),
    path("forms/versions/<uuid:version>/delete/", views.discard, name="discard"),
]
