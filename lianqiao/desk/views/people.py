"""Users and what is granted to them: who is there, giving and taking rights, switching off, the first password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lianqiao.agreements.models import Organisation
from lianqiao.desk import doors
from lianqiao.desk.forms import Base, NodeChoice
from lianqiao.ledger.models import State
from lianqiao.people import access, accounts, log
from lianqiao.people.accounts import Right
from lianqiao.people.models import Access, Grant, User

SIZE = 50
LINES = 12  # of the access log beside a person
LINK = "first_password"  # where the session keeps the address until it is shown, once
NEW = Q(password__startswith="!")  # noqa: S106 - that of nobody who has none
STATES = {"on": Q(is_active=True), "off": Q(is_active=False), "new": NEW & Q(is_active=True)}


# Who is there ------------------------------------------------------------------------------------------------------------


@doors.desk_page
def people(request: HttpRequest) -> HttpResponse:
    doors.require_somewhere(request.user, "people")
    asked = request.GET
    found = filtered(access.known(request.user, "people"), asked)
    pages = Paginator(with_rights(request, found).order_by("username"), SIZE)
    told = {
        "here": "people",
        "page": pages.page(doors.whole_number(asked.get("page", "1"), 1, pages.num_pages)),
        "roles": Grant.Role.choices,
        "any": any(asked.get(name) for name in ("q", "role", "state")),
    }
    return render(request, "desk/people.html", told)


def filtered(found: QuerySet[User], asked: QueryDict) -> QuerySet[User]:
    text, role, state = asked.get("q", "").strip()[:100], asked.get("role", ""), asked.get("state", "")
    if (role and role not in Grant.Role.values) or (state and state not in STATES):
        raise Http404
    if text:
        found = found.filter(Q(username__icontains=text) | Q(office__icontains=text))
    if role:
        found = found.filter(pk__in=Grant.objects.filter(role=role).values("user"))
    return found.filter(STATES[state]) if state else found


def with_rights(request: HttpRequest, found: QuerySet[User]) -> QuerySet[User]:
    """Each with the rights that the reader reaches, and whether a second step stands."""
    reached = access.within(request.user, "people").select_related("node").order_by("role", "pk")
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=["totp", "webauthn"])
    return found.prefetch_related(Prefetch("grants", reached, to_attr="rights")).annotate(second=Exists(steps))


# One of them -------------------------------------------------------------------------------------------------------------


class RightForm(forms.Form):
    """A role, where, and for whose rows: nothing beyond what the giver reaches."""

    role = forms.ChoiceField(choices=Grant.Role.choices)
    side = forms.ChoiceField(choices=Grant.Side.choices, initial=Grant.Side.BOTH)

    def __init__(self, person: access.Person, data: QueryDict | None = None) -> None:
        super().__init__(data)
        whole = any(held.node is None for held in access.grants(person, "people"))
        nodes = access.nodes(person, "people").filter(confirmed=True)
        empty = gettext("全部结对关系") if whole else None
        self.fields["node"] = NodeChoice(nodes, required=not whole, empty_label=empty)
        listed = Organisation.objects.filter(access.rows(person, "people"), state=State.APPROVED).exclude(
            credit_code=""
        )
        named = [(row.credit_code, f"{row.name} {row.credit_code}") for row in listed.order_by("name")]
        self.fields["unit"] = forms.ChoiceField(choices=[("", "—"), *named], required=False)

    def clean(self) -> None:
        trades = self.cleaned_data.get("role") in Grant.OUTSIDE
        if trades != bool(self.cleaned_data.get("unit")):
            told = gettext("卖方和买方要选代表的单位。") if trades else gettext("只有卖方和买方代表单位。")
            self.add_error("unit", told)

    def right(self) -> Right:
        """Only after is_valid()."""
        given = self.cleaned_data
        return Right(given["role"], given["node"], given["side"], given["unit"])


class UserForm(Base):
    class Meta:
        model = User
        fields = ("username", "office")


@doors.writing
def person(request: HttpRequest, pk: int) -> HttpResponseBase:
    doors.require_somewhere(request.user, "people")
    user = with_rights(request, access.known(request.user, "people")).filter(pk=pk).first()
    if user is None:
        raise Http404
    return decide(request, user) if request.method == "POST" else page(request, user, RightForm(request.user))


def page(request: HttpRequest, user: User, form: RightForm, problem: str = "") -> HttpResponse:
    told = {
        "here": "people",
        "person": user,
        "others": user.grants.count() - len(user.rights),  # type: ignore[attr-defined]
        "whole": access.below(request.user, "people").filter(pk=user.pk).exists(),
        "self": user.pk == doors.who(request).pk,
        "form": form,
        "problem": problem,
        "link": request.session.pop(LINK, "") if request.method == "GET" else "",
        "lines": log.seen(request.user).filter(by=user.username)[:LINES],
    }
    answer = render(request, "desk/person.html", told, status=400 if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@reauthentication_required(app="desk")
def decide(request: HttpRequest, user: User) -> HttpResponseBase:
    """What the form's button says; what cannot be is told on the page."""
    deed = DEEDS.get(request.POST.get("act", ""))
    if deed is None:
        return page(request, user, RightForm(request.user), gettext("没有这一项。"))
    try:
        deed(request, user)
    except ValidationError as error:
        return page(request, user, RightForm(request.user, request.POST), " ".join(error.messages))
    return redirect("person", user.pk)


def give(request: HttpRequest, user: User) -> None:
    form = RightForm(request.user, request.POST)
    if not form.is_valid():
        told = [*form.errors.get("unit", ()), gettext("角色、范围和一方都要选；范围只能在自己的范围以内。")]
        raise ValidationError(told[0])
    accounts.give(doors.who(request), user, form.right())
    messages.success(request, gettext("已授权，下一次打开页面就有了。"))


def take(request: HttpRequest, user: User) -> None:
    held = doors.whole_number(request.POST.get("grant", ""), 1, 10**18)
    try:
        accounts.take(doors.who(request), user, held)
    except Grant.DoesNotExist:
        raise ValidationError(gettext("这一项刚刚已经收回了。")) from None
    messages.success(request, gettext("已收回，下一次打开页面就没有了。"))


def switch_off(request: HttpRequest, user: User) -> None:
    accounts.switch(doors.who(request), user, active=False)
    messages.success(request, gettext("已停用，下一次打开页面就出去了。"))


def switch_on(request: HttpRequest, user: User) -> None:
    accounts.switch(doors.who(request), user, active=True)
    messages.success(request, gettext("已启用。"))


def reset(request: HttpRequest, user: User) -> None:
    accounts.reset(doors.who(request), user)
    keep_link(request, user)


def keep_link(request: HttpRequest, user: User) -> None:
    address = reverse("first_password", kwargs=accounts.first_password(user))
    request.session[LINK] = request.build_absolute_uri(address)


DEEDS: dict[str, Callable[[HttpRequest, User], None]] = {
    "give": give, "take": take, "off": switch_off, "on": switch_on, "reset": reset,
}  # fmt: skip


# A new one ---------------------------------------------------------------------------------------------------------------


@doors.writing
def new(request: HttpRequest) -> HttpResponseBase:
    doors.require_somewhere(request.user, "people")
    if request.method == "POST":
        return make(request)
    return new_page(request, UserForm(), RightForm(request.user))


@reauthentication_required(app="desk")
def make(request: HttpRequest) -> HttpResponseBase:
    form, right = UserForm(request.POST), RightForm(request.user, request.POST)
    if not (form.is_valid() & right.is_valid()):
        return new_page(request, form, right)
    user = accounts.make(doors.who(request), form.save(commit=False), right.right())
    keep_link(request, user)
    return redirect("person", user.pk)


def new_page(request: HttpRequest, form: forms.BaseForm, right: RightForm) -> HttpResponse:
    told: dict[str, Any] = {"here": "people", "form": form, "right": right}
    return render(request, "desk/person_new.html", told, status=400 if form.is_bound else 200)


class FirstPassword(PasswordResetConfirmView):
    """The address that an administrator hands over: good once, and not for whoever was switched off."""

    template_name = "desk/account/first.html"
    success_url = reverse_lazy("account_login")

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        log.write(form.user, Access.Act.ACCOUNT, f"{form.user.username} 设密码")
        messages.success(self.request, gettext("密码已设。请登录。"))
        return answer


first_password = require_http_methods(["GET", "HEAD", "POST"])(FirstPassword.as_view())
