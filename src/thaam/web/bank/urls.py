"""Pages of a bank's own people: their mailbox as a queue, one order a screen."""

from django.urls import path

from thaam.web.bank import bulk, objections, order, queue

app_name = "bank"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("order/<uuid:order_id>", order.order, name="order"),
    path("bulk", bulk.bulk, name="bulk"),
    path("bulk/queue.xlsx", bulk.download, {"kind": "xlsx"}, name="bulk-xlsx"),
    path("bulk/queue.csv", bulk.download, {"kind": "csv"}, name="bulk-csv"),
    path("objections", objections.objections, name="objections"),
    path("objection/<uuid:objection_id>", objections.objection, name="objection"),
]
