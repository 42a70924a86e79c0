"""Signing in."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponseBase

from lianqiao.desk import doors


class SignIn(LoginView):
    template_name = "desk/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        doors.speak(request)
        return super().dispatch(request, *args, **kwargs)


sign_in = SignIn.as_view()
