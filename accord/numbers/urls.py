"""URLs for totals: staff pages and public pages."""

from django.urls import path

from accord.numbers import views

app_name = "numbers"
urlpatterns = [
    path("numbers/", views.home, name="home"),
    path("numbers/<str:code>/", views.own_totals, name="own_totals"),
    path("numbers/<str:code>/count/", views.count, name="count"),
    path("numbers/<str:code>/submit/", views.submit, name="submit"),
    path("numbers/<str:code>/reopen/", views.reopen, name="reopen"),
    path("numbers/<str:code>/people/<str:cell>/", views.behind, name="behind"),
    path("numbers/<str:code>/sum/", views.sum_up, name="sum"),
    path("numbers/<str:code>/review/", views.review, name="review"),
    path("statistics/", views.statistics, name="statistics"),
    path("statistics/<str:code>/", views.table, name="table"),
    path("statistics/<str:code>/people-served.csv", views.table_csv, name="csv"),
]
