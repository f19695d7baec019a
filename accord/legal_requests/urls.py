"""URLs for legal requests: at the hub, at an agency, and in a person's record."""

from django.urls import path

from accord.legal_requests import served_views, views

app_name = "legal_requests"
urlpatterns = [
    path("agency/letters/", served_views.received, name="received"),
    path("agency/letters/<uuid:legal_request>/", served_views.served_request, name="served"),
    path("hub/letters/", served_views.hub, name="hub"),
    path("hub/letters/new/", served_views.forward, name="forward"),
    path("people/<uuid:ref>/letters/new/", views.new, name="new"),
    path("people/<uuid:ref>/letters/<uuid:series>/", views.one, name="request"),
    path("people/<uuid:ref>/letters/<uuid:series>/step/", views.step, name="step"),
    path("people/<uuid:ref>/letters/<uuid:series>/hand-over/", views.hand_over, name="hand_over"),
    path("people/<uuid:ref>/letters/<uuid:series>/close/", views.close, name="close"),
]
