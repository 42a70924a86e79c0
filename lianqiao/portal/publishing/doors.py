"""Addresses of the publishing room that others link to."""

from __future__ import annotations

from django.urls import reverse

from lianqiao.portal.publishing.models import PageCheck, PublishedFigure


def address_of(check: PageCheck) -> str:
    """Where editors see a check."""
    return reverse("publishing_check", args=[check.pk])


def proof_of(figure: PublishedFigure) -> str:
    """The public page that proves a figure, in the reader's language."""
    return reverse("portal_proof", args=[figure.measure, figure.node.number, figure.span])
