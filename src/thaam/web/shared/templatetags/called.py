"""What those are called whom an order or a payment names by a code: banks, offices, authorities."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape

from thaam.letters import composing as letters
from thaam.parties.banks import bank_name
from thaam.parties.models import Office
from thaam.web.shared.templatetags.thaam import _lang

register = template.Library()


@register.simple_tag(takes_context=True)
def authority_name(context: Context, authority: str) -> str:
    """पुलिस अधिकारी: who may order this by the law, as the rulebook names it."""
    return conditional_escape(letters.authority(authority, _lang(context)))


@register.simple_tag(takes_context=True)
def issued_by(context: Context, issued: Any) -> str:
    """The office an order comes from by its name and the officer's sign-in name, never the office's code alone."""
    office = Office.objects.filter(code=issued.office).first()
    names = [office.name(_lang(context)) if office else issued.office, issued.officer]
    return conditional_escape(" · ".join(name for name in names if name))


@register.simple_tag(takes_context=True)
def bank_called(context: Context, code: str | None) -> str:
    """A bank's name by its code, of our directory or of the IFSC list; a question mark when nobody knows it yet."""
    return conditional_escape(bank_name(code, _lang(context)) if code else "?")
