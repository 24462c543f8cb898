"""Pages of people who work complaints, and the door all staff come in by."""

from django.urls import path

from thaam.web.desk import complaint, console, entry, money, objections, ownership, queue, room, second, wall

app_name = "desk"
urlpatterns = [
    path("", queue.home, name="home"),
    path("sign-in", entry.sign_in, name="sign-in"),
    path("sign-in/code", second.code, name="second"),
    path("sign-in/set-up", second.set_up, name="set-up"),
    path("officers", second.officers, name="officers"),
    path("sign-out", entry.sign_out, name="sign-out"),
    path("theme", entry.theme, name="theme"),
    path("call", console.console, name="console"),
    path("call/<uuid:complaint_id>", console.call, name="call"),
    path("wallboard", wall.wallboard, name="wallboard"),
    path("room", room.room, name="room"),
    path("tasks", room.tasks, name="tasks"),
    path("tasks/new", room.new_task, name="new-task"),
    path("task/<uuid:task_id>", room.task, name="task"),
    path("bank/<str:code>", room.bank_sheet, name="bank-sheet"),
    path("handover", room.handover, name="handover"),
    path("reviews", room.reviews, name="reviews"),
    path("complaint/<uuid:complaint_id>/debit", console.add_debit, name="add-debit"),
    path("complaint/<uuid:complaint_id>/offer", ownership.offer, name="offer"),
    path("offers", ownership.offers, name="offers"),
    path("offer/<uuid:handing_id>", ownership.answer, name="answer-offer"),
    path("doubt/<uuid:doubt_id>", ownership.settle, name="settle-doubt"),
    path("complaint/<uuid:complaint_id>/paper/<uuid:file_id>", ownership.paper, name="paper"),
    path("look", console.look, name="look"),
    path("command", console.obey, name="command"),
    path("queue", queue.queue, name="queue"),
    path("called/<uuid:call_id>", queue.called, name="called"),
    path("find", queue.find, name="find"),
    path("complaint/<uuid:complaint_id>", complaint.overview, name="complaint"),
    path("complaint/<uuid:complaint_id>/trail", complaint.trail, name="trail"),
    path("complaint/<uuid:complaint_id>/attest", complaint.attest, name="attest"),
    path("complaint/<uuid:complaint_id>/withdraw", complaint.withdraw, name="withdraw"),
    path("hold/<uuid:hold_id>", money.hold, name="hold"),
    path("hold/<uuid:hold_id>/release", money.release, name="release"),
    path("hold/<uuid:hold_id>/propose", money.propose, name="propose"),
    path("restoration/<uuid:restoration_id>", money.decide, name="decide"),
    path("objections", objections.objections, name="objections"),
    path("objection/<uuid:objection_id>", objections.objection, name="objection"),
    path("approvals", money.approvals, name="approvals"),
]
