"""URLs for signing in and out, and for the user's own account."""

from django.urls import path

from accord.signin import views

app_name = "signin"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("enrol/", views.enrol, name="enrol"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("account/", views.account, name="account"),
    path("account/passphrase/", views.change_passphrase, name="change_passphrase"),
    path("account/recovery-codes/", views.new_recovery_codes, name="new_recovery_codes"),
    path("account/passkeys/", views.passkeys, name="passkeys"),
    path("account/passkeys/<uuid:passkey>/remove/", views.remove_passkey, name="remove_passkey"),
    path("passkey/", views.passkey_options, name="passkey_options"),
    path("account/sign-out-elsewhere/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("notices/", views.notices, name="notices"),
    path("kept/", views.kept, name="kept"),
    path("kept/keep/", views.keep, name="keep"),
    path("leave/", views.leave, name="leave"),
    path("kept/<uuid:kept>/drop/", views.drop_kept, name="drop_kept"),
    path("language/", views.set_language, name="language"),
]
