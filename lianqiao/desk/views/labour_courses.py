"""订单培训 on the desk: courses that vacancies ask for, their rolls and certificates; and what schools take in."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lianqiao.desk import doors
from lianqiao.desk.labour.forms import CourseForm, IntakeForm, choosing
from lianqiao.desk.views.labour_seekers import seen
from lianqiao.desk.views.labour_vacancies import own_node
from lianqiao.fields.employment import training
from lianqiao.fields.employment.pool import Seeker
from lianqiao.fields.employment.training import Course, Intake
from lianqiao.ledger.acts import Refused
from lianqiao.people import access


def form_for(request: HttpRequest) -> CourseForm:
    typed = request.POST if request.POST.get("do") == "course" else None
    return choosing(CourseForm(typed, prefix="course"), request.user)


@doors.writing
def overview(request: HttpRequest) -> HttpResponse:
    """Courses and intakes; POST makes one of either."""
    doors.require_somewhere(request.user, "see")
    course = form_for(request)
    intake = IntakeForm(request.POST if request.POST.get("do") == "intake" else None, prefix="intake")
    if request.method == "POST":
        doors.require_somewhere(request.user, "fill")
        form = course if course.is_bound else intake
        if form.is_bound and form.is_valid():
            form.instance.node = own_node(request)
            form.save()
            return redirect("labour_courses")
    mine = access.nodes(request.user, "see")
    told = {
        "here": "labour",
        "tab": "courses",
        "courses": Course.objects.filter(node__in=mine).annotate(people=Count("roll")),
        "intakes": Intake.objects.filter(node__in=mine),
        "course": course,
        "intake": intake,
        "may_fill": bool(access.grants(request.user, "fill")),
    }
    return render(request, "desk/labour/courses.html", told, status=400 if request.method == "POST" else 200)


@doors.writing
def course(request: HttpRequest, number: str) -> HttpResponse:
    """One course with its roll. POST enrols seekers, or closes the course with who passed."""
    found = doors.numbered(request.user, "seekers", Course.objects.select_related("node"), number)
    problem = ""
    if request.method == "POST":
        access.require(request.user, "fill", found.node)
        problem = act(request, found)
        if not problem:
            return redirect("labour_course", number)
    roll = list(found.roll.select_related("seeker"))
    outside = seen(request.user).filter(state=Seeker.State.SEEKING).exclude(pk__in=[one.seeker_id for one in roll])
    told = {
        "here": "labour",
        "tab": "courses",
        "course": found,
        "problem": problem,
        "roll": roll,
        "outside": [one for one in outside if not one.kinds or found.kind in one.kinds][:200],
        "may_fill": access.may(request.user, "fill", found.node) and not found.entry_number,
    }
    return render(request, "desk/labour/course.html", told, status=400 if problem else 200)


def act(request: HttpRequest, found: Course) -> str:
    """Does what the form asks; returns what stands against it."""
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit()]
    try:
        if request.POST.get("do") == "enrol":
            training.enrol(found, seen(request.user).filter(pk__in=chosen))
        else:
            row = training.finish(found, chosen, doors.who(request))
            messages.success(request, gettext("%(number)s 已提交，待审核。") % {"number": row.number})
    except Refused as refused:
        return str(refused)
    return ""
