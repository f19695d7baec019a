"""URLs of connected systems."""

from django.urls import path

from accord.systems import views

app_name = "systems"
urlpatterns = [
    path("agency/systems/", views.systems, name="systems"),
    path("agency/systems/new/", views.connect, name="connect"),
    path("agency/systems/<uuid:system>/end/", views.end_system, name="end"),
]
