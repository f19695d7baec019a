"""Every address of the house."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("accord.people.urls")),
    path("", include("accord.accounts.urls")),
    path("", include("accord.agencies.urls")),
    path("", include("accord.casework.urls")),
    path("", include("accord.releases.urls")),
    path("", include("accord.numbers.urls")),
]
if settings.ACCORD_DEMO:
    urlpatterns.append(path("gallery/", include("accord.ui.urls")))

handler404 = "accord.access.views.not_found"
handler500 = "accord.access.views.broken"
