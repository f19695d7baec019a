"""Addresses of forms about a person: beginning them, filling them in, and their finished answers."""

from django.urls import path

from accord.answers import finished_views, views

app_name = "answers"
urlpatterns = [
    path("people/<uuid:ref>/answers/new/", views.choose, name="choose"),
    path("people/<uuid:ref>/answers/new/<uuid:version>/", views.start, name="start"),
    path("people/<uuid:ref>/unfinished/<uuid:draft>/", views.resume, name="resume"),
    path("people/<uuid:ref>/unfinished/<uuid:draft>/<int:page>/", views.page, name="page"),
    path("people/<uuid:ref>/unfinished/<uuid:draft>/review/", views.review, name="review"),
    path("people/<uuid:ref>/answers/<uuid:answers>/", finished_views.answers, name="answers"),
    path("people/<uuid:ref>/answers/<uuid:answers>/history/", finished_views.history, name="history"),
    path("people/<uuid:ref>/answers/<uuid:answers>/history/<int:revision>/", finished_views.old, name="old"),
    path("people/<uuid:ref>/answers/<uuid:answers>/correct/", finished_views.correct, name="correct"),
    path("people/<uuid:ref>/answers/<uuid:answers>/csv/", finished_views.csv, name="csv"),
    path("people/<uuid:ref>/answers/<uuid:answers>/xlsx/", finished_views.xlsx, name="xlsx"),
    path("people/<uuid:ref>/answers/<uuid:answers>/xml/", finished_views.xml, name="xml"),
    path("people/<uuid:ref>/answers/<uuid:answers>/files/<str:name>/", finished_views.file, name="file"),
]
