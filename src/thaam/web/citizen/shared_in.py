"""A phone's "share": an SMS's text or a screenshot comes in and opens the report with what it says filled in.

The phone posts the share itself, without one of our forms and so without its token; nothing is filed or changed by it:
the answer is a draft on that phone and a page to look at.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from thaam.reading.upi_links import payment_code_of
from thaam.web.citizen.codes import fill_payee, is_code, read_shot
from thaam.web.citizen.draft import draft_of
from thaam.web.citizen.pasted import SMS_SIGNS_MAX
from thaam.web.citizen.report import go, show
from thaam.web.shared.audience import for_citizens
from thaam.web.shared.fields import Wrong


@csrf_exempt
@for_citizens
def shared_in(request: HttpRequest) -> HttpResponse:
    """Text, also that read from a screenshot, goes into the SMS box; a payment code fills in who was paid."""
    draft = draft_of(request)
    if request.method != "POST":
        return redirect("citizen:report-sms")
    text = request.POST.get("text", "") or request.POST.get("title", "")
    if "shot" in request.FILES:
        try:
            shot = read_shot(request, "shot")
        except Wrong as slip:
            return show(request, "sms", draft, 1, wrong={"shot": slip.text}, typed={"sms": text})
        if shot.message:
            draft.typed["sms"] = {"sms": shot.message[:SMS_SIGNS_MAX], "read": "1"}
            return go(request, draft, "citizen:report-sms")
        if shot.code:
            fill_payee(draft.current, shot.code)
        draft.current.payee_vpa = shot.vpa or draft.current.payee_vpa
        draft.current.reference = shot.reference or draft.current.reference
        return go(request, draft, "citizen:report-details")
    if is_code(text):
        fill_payee(draft.current, payment_code_of(text))
        return go(request, draft, "citizen:report-details")
    draft.typed["sms"] = {"sms": text[:SMS_SIGNS_MAX]}
    return go(request, draft, "citizen:report-sms")
