"""Pages of a bank's own people: their mailbox as a queue, one order a screen."""

from django.urls import path

from thaam.web.bank import bulk, coverage, national, objections, order, papers, phone, queue, reporting, single, unasked

app_name = "bank"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("order/<uuid:order_id>", order.order, name="order"),
    path("order/<uuid:order_id>/free", order.headroom, name="headroom"),
    path("order/<uuid:order_id>/paper.pdf", papers.paper, name="paper"),
    path("file/<uuid:file_id>", papers.file, name="file"),
    path("m/<str:token>", single.single, name="link"),
    path("m/<str:token>/done", single.done, name="link-done"),
    path("m/<str:token>/paper.pdf", single.paper, name="link-paper"),
    path("p/<str:token>", single.pinged, name="pinged"),
    path("phone", phone.phone, name="phone"),
    path("phone/ping", phone.send_ping, name="ping"),
    path("phone/<uuid:order_id>", phone.read_out, name="read-out"),
    path("phone/<uuid:order_id>/link", phone.send_link, name="send-link"),
    path("phone/<uuid:order_id>/paper.pdf", papers.desk_paper, name="desk-paper"),
    path("tell", unasked.tell, name="tell"),
    path("tell/report", reporting.report, name="report"),
    path("tell/<str:kind>", unasked.tell_one, name="tell-one"),
    path("bulk", bulk.bulk, name="bulk"),
    path("bulk/queue.xlsx", bulk.download, {"kind": "xlsx"}, name="bulk-xlsx"),
    path("bulk/queue.csv", bulk.download, {"kind": "csv"}, name="bulk-csv"),
    path("coverage", coverage.coverage, name="coverage"),
    path("coverage/leave/<int:nodal_id>", coverage.leave, name="leave"),
    path("bulk/national/<str:name>", national.download, name="national"),
    path("objections/paper/<uuid:paper_id>", papers.of_objection, name="objection-paper"),
    path("objections", objections.objections, name="objections"),
    path("objection/<uuid:objection_id>", objections.objection, name="objection"),
]
