"""All of Accord's addresses."""

from django.conf import settings
from django.urls import include, path

from accord.access.marks import open_to_all
from accord.config import api
from accord.config.rooms import ROOMS
from accord.ui import views as gallery

urlpatterns = [
    *(path("", include(f"accord.{room.name}.urls")) for room in ROOMS if room.addresses),
    path("api/", include((api.urlpatterns, "api"))),
]
if settings.ACCORD_DEMO:
    for page in (gallery.gallery, gallery.person, gallery.refused):
        open_to_all(page)  # the ui room can't import access, and its gallery only shows made-up people
    urlpatterns.append(path("gallery/", include("accord.ui.urls")))

handler400 = "accord.access.views.bad_request"
handler404 = "accord.access.views.not_found"
handler500 = "accord.access.views.broken"
