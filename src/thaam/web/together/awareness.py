"""Awareness: events planned by audience and held with their reach, materials, share images, the account-opening leaflet
and its record by branch, the register of helpline publicity."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.coordination import campaigns
from thaam.coordination.bulletins import PersonalData
from thaam.coordination.models import CampaignEvent, Material
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig
from thaam.journal.ids import id_from, new_id
from thaam.language.dates import IST
from thaam.language.personal import find_personal
from thaam.language.text import Text
from thaam.oversight.leaflet import leaflet_data, share_data
from thaam.oversight.typesetting import image_of, paper_of
from thaam.web.shared.audience import for_citizens, for_police, for_police_and_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import day_or_none, id_or_new
from thaam.web.together.photos import keep_photo, photo_of

AUDIENCES = {
    "schools": Text("स्कूल", "Schools"),
    "colleges": Text("कॉलेज", "Colleges"),
    "trade_bodies": Text("व्यापार संगठन", "Trade bodies"),
    "doctors": Text("चिकित्सक", "Medical community"),
    "public_meetings": Text("जनसभा", "Public meetings"),
    "social_forums": Text("सामाजिक मंच", "Social forums"),
    "camp": Text("शिविर", "Camp"),
    "account_opening": Text("खाता खोलते समय", "Account opening"),
    "helpline_publicity": Text("1930 का प्रचार", "Publicity of 1930"),
}
KINDS = {
    "film": Text("फ़िल्म", "Film"),
    "leaflet": Text("पर्चा", "Leaflet"),
    "image": Text("शेयर करने का चित्र", "Share image"),
}
_WHAT = Text("किसके लिए, कहाँ और कब, तीनों लिखिए।", "Say for whom, where and when.")
_TITLE = Text("शीर्षक और बात दोनों भाषाओं में लिखिए।", "Write title and text in both languages.")
_COUNT = Text("पहुँचे लोगों की गिनती और तारीख लिखिए।", "Write how many were reached, and the day.")


@for_police_and_banks
def listing(request: HttpRequest) -> HttpResponse:
    """Planned and held events with reach by audience; POST plans one, or (a bank's branch) records customers told."""
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        audience, on = request.POST.get("audience", ""), day_or_none(request.POST.get("planned_on", ""))
        place = request.POST.get("place", "").strip()[:200]
        if audience not in AUDIENCES or on is None or not place:
            wrong["place"] = _WHAT
        else:
            made = campaigns.plan_event(
                event_id=id_or_new(request.POST.get("id")),
                audience=CampaignEvent.Audience(audience),
                place=place,
                planned_on=on,
                by=officer,
                at=now,
            )
            return redirect("together:event", event_id=made.pk)
    lang = lang_of(request)
    sums = {
        row["audience"]: row
        for row in CampaignEvent.objects.values("audience").annotate(
            planned=Count("id"), held=Count("id", filter=Q(held_on__isnull=False)), reach=Sum("reach")
        )
    }
    context = {
        "tab": "awareness",
        "audiences": [(key, text.in_(lang), sums.get(key)) for key, text in AUDIENCES.items()],
        "coming": CampaignEvent.objects.filter(held_on=None)
        .select_related("bank", "office")
        .order_by("planned_on")[:40],
        "held": CampaignEvent.objects.exclude(held_on=None).select_related("bank", "office").order_by("-held_on")[:40],
        "branches": CampaignEvent.objects.filter(audience="account_opening", held_on__isnull=False)
        .values("bank__name_hi", "bank__name_en", "place")
        .annotate(told=Sum("reach"))
        .order_by("-told")[:60],
        "names": {key: text.in_(lang) for key, text in AUDIENCES.items()},
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
        "today": now.astimezone(IST).date(),
    }
    return render(request, "together/awareness.html", context, status=422 if wrong else 200)


@for_police_and_banks
def event(request: HttpRequest, event_id: Any) -> HttpResponse:
    """One event; POST says that it was held, whom it reached, with photos."""
    found = get_object_or_404(CampaignEvent.objects.select_related("bank", "office"), pk=event_id)
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        on, reach = day_or_none(request.POST.get("held_on", "")), request.POST.get("reach", "").strip()
        if on is None or not (reach.isascii() and reach.isdecimal()):
            wrong["reach"] = _COUNT
        else:
            try:
                photos = [
                    _keep(photo, n, found, officer, now) for n, photo in enumerate(request.FILES.getlist("photos")[:6])
                ]
                campaigns.note_held(
                    event=found,
                    held_on=on,
                    reach=int(reach),
                    note=request.POST.get("note", "").strip()[:2000],
                    photos=photos,
                    by=officer,
                    today=now.astimezone(IST).date(),
                    at=now,
                )
                return redirect("together:event", event_id=event_id)
            except (campaigns.NotYetHeld, campaigns.BadReach, EmptyFile, NotAllowed, TooBig) as refused:
                wrong["reach"] = refused.text
    context = {
        "tab": "awareness",
        "event": found,
        "audience": AUDIENCES[found.audience].in_(lang_of(request)),
        "materials": Material.objects.order_by("-added_at")[:20],
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "together/event.html", context, status=422 if wrong else 200)


def _keep(photo: Any, n: int, found: CampaignEvent, officer: Any, now: dt.datetime) -> str:
    key = id_from("event photo", found.pk, n, photo.name)
    return keep_photo(photo, file_id=key, about=f"campaign:{found.pk}", by=f"officer:{officer.pk}", at=now)


@for_police_and_banks
def photo(request: HttpRequest, event_id: Any, digest: str) -> HttpResponse:
    """A photo of this event."""
    found = get_object_or_404(CampaignEvent, pk=event_id)
    if digest not in found.photos:
        raise Http404(digest)
    return photo_of(request, about=f"campaign:{found.pk}", digest=digest)


@for_police
def materials(request: HttpRequest) -> HttpResponse:
    """The library: films (a link), leaflets, texts that become share images."""
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        told = {n: request.POST.get(n, "").strip() for n in ("title_hi", "title_en", "text_hi", "text_en", "link")}
        kind = request.POST.get("kind", "")
        if kind not in KINDS or not told["title_hi"] or not told["title_en"] or (kind == "film") != bool(told["link"]):
            wrong["title_hi"] = _TITLE if kind != "film" else Text("फ़िल्म का लिंक लिखिए।", "Write the film's link.")
        elif not told["link"].startswith(("https://", "http://", "")):
            wrong["link"] = Text("लिंक https:// से शुरू हो।", "The link starts with https://.")
        elif found := next((hit for words in told.values() if (hit := find_personal(words))), ""):
            wrong["text_hi"] = Text(PersonalData.text.in_("hi", found=found), PersonalData.text.in_("en", found=found))
        else:
            campaigns.add_material(
                material_id=id_or_new(request.POST.get("id")),
                kind=Material.Type(kind),
                title=Text(told["title_hi"][:120], told["title_en"][:120]),
                text=Text(told["text_hi"][:2000], told["text_en"][:2000]),
                link=told["link"][:300],
                by=officer_of(request),
                at=dt.datetime.now(tz=dt.UTC),
            )
            return redirect("together:materials")
    lang = lang_of(request)
    context = {
        "tab": "awareness",
        "materials": [
            {"m": m, "kind": KINDS[m.kind].in_(lang), "title": m.title(lang), "text": m.text(lang)}
            for m in Material.objects.order_by("-added_at")[:100]
        ],
        "kinds": [(key, text.in_(lang)) for key, text in KINDS.items()],
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "together/materials.html", context, status=422 if wrong else 200)


@for_citizens
def share_image(request: HttpRequest, material_id: Any) -> HttpResponse:
    """A material's text as a square picture in the page's language."""
    found = get_object_or_404(Material, pk=material_id, kind=Material.Type.IMAGE)
    lang = lang_of(request)
    return HttpResponse(
        image_of("share", share_data(found.title(lang), found.text(lang), lang)), content_type="image/png"
    )


@for_citizens
def leaflet(request: HttpRequest) -> HttpResponse:
    """The one page handed out at account opening, in the page's language."""
    answer = HttpResponse(paper_of("leaflet", leaflet_data(lang_of(request))), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="leaflet.pdf"'
    return answer
