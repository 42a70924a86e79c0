"""Addresses of the labour exchange on the desk."""

from django.urls import path

from lianqiao.desk.views import (
    labour_courses,
    labour_employers,
    labour_fairs,
    labour_import,
    labour_runs,
    labour_seekers,
    labour_trips,
    labour_vacancies,
    labour_workshops,
)

urlpatterns = [
    path("labour/seekers/", labour_seekers.overview, name="labour_seekers"),
    path("labour/seekers/new/", labour_seekers.new, name="labour_seeker_new"),
    path("labour/seekers/offline.js", labour_seekers.worker, name="labour_worker"),
    path("labour/seekers/import/", labour_import.start, name="labour_import"),
    path("labour/seekers/<str:number>/", labour_seekers.seeker, name="labour_seeker"),
    path("labour/seekers/<str:number>/reveal/<str:field>/", labour_seekers.revealed, name="labour_reveal"),
    path("labour/seekers/<str:number>/forget/", labour_seekers.forget, name="labour_forget"),
    path("labour/vacancies/", labour_vacancies.overview, name="labour_vacancies"),
    path("labour/vacancies/<str:number>/", labour_vacancies.vacancy, name="labour_vacancy"),
    path("labour/employers/", labour_vacancies.employers, name="labour_employers"),
    path("labour/employers/new/", labour_vacancies.employer_new, name="labour_employer_new"),
    path("labour/employers/<str:number>/", labour_vacancies.employer, name="labour_employer"),
    path("labour/employers/<str:number>/vacancy/", labour_vacancies.new, name="labour_vacancy_new"),
    path("labour/runs/", labour_runs.overview, name="labour_runs"),
    path("labour/runs/<str:number>/", labour_runs.run, name="labour_run"),
    path("labour/runs/<str:number>/move/<str:seeker>/", labour_runs.move, name="labour_move"),
    path("labour/proposals/<str:number>/", labour_runs.proposal, name="labour_proposal"),
    path("labour/trips/", labour_trips.overview, name="labour_trips"),
    path("labour/trips/<str:number>/", labour_trips.trip, name="labour_trip"),
    path("labour/staying/", labour_trips.staying, name="labour_staying"),
    path("labour/rules/", labour_trips.rules, name="labour_rules"),
    path("labour/fairs/", labour_fairs.overview, name="labour_fairs"),
    path("labour/fairs/<str:number>/", labour_fairs.fair, name="labour_fair"),
    path("labour/courses/", labour_courses.overview, name="labour_courses"),
    path("labour/courses/<str:number>/", labour_courses.course, name="labour_course"),
    path("labour/workshops/", labour_workshops.overview, name="labour_workshops"),
    path("labour/workshops/<str:number>/", labour_workshops.workshop, name="labour_workshop"),
    # By a signed link, for who has no account.
    path("e/<str:token>/", labour_employers.own, name="employer_own"),
    path("e/<str:token>/vacancy/", labour_employers.vacancy_new, name="employer_vacancy"),
    path("e/<str:token>/answers/", labour_runs.employer_answers, name="employer_answers"),
    path("a/<str:token>/", labour_runs.seeker_answer, name="seeker_answer"),
    path("f/<str:key>/", labour_fairs.door, name="fair_door"),
]
