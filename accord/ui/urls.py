"""The gallery's addresses, for development and the demo only."""

from django.urls import path

from accord.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("person/", views.person, name="gallery-person"),
    path("refused/<int:status>/", views.refused, name="gallery-refused"),
]
