"""URLs of an agency's settings."""

from django.urls import path

from accord.agencies import views

app_name = "agencies"
urlpatterns = [
    path("agency/time-zone/", views.time_zone, name="time_zone"),
    path("agency/contact-line/", views.contact_line, name="contact_line"),
]
