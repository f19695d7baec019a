"""Addresses of the screening pages."""

from django.urls import path

from accord.screening import views

app_name = "screening"
urlpatterns = [
    path("people/<uuid:ref>/checks/", views.screening, name="screening"),
    path("people/<uuid:ref>/checks/call/", views.hand_off, name="hand_off"),
    path("people/<uuid:ref>/checks/new/", views.add_screen, name="add_screen"),
    path("people/<uuid:ref>/checks/own/", views.determine, name="determine"),
    path("people/<uuid:ref>/checks/steps/<uuid:series>/", views.close_step, name="close_step"),
]
