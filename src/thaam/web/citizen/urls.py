"""Pages of the public: no sign-in on any of them."""

from django.urls import path

from thaam.web.citizen import after, contacts, held, report, sending, shared_in, start, status, tasks

app_name = "citizen"
urlpatterns = [
    path("", start.start, name="start"),
    path("report", report.report, name="report"),
    path("report/sms", report.sms, name="report-sms"),
    path("report/shared", shared_in.shared_in, name="report-shared"),
    path("report/details", report.details, name="report-details"),
    path("report/confirm", report.confirm, name="report-confirm"),
    path("report/receiver", report.receiver, name="report-receiver"),
    path("report/more", report.more, name="report-more"),
    path("report/contact", sending.contact, name="report-contact"),
    path("report/check", sending.check, name="report-check"),
    path("report/sent", sending.sent, name="report-sent"),
    path("report/start-over", report.start_over, name="report-start-over"),
    path("callback", start.callback, name="callback"),
    path("suspicious", start.suspicious, name="suspicious"),
    path("status", status.by_number, name="status"),
    path("s/<slug:code>", status.by_link, name="status-link"),
    path("s/<slug:code>/print", status.on_paper, name="status-print"),
    path("s/<slug:code>/add", after.add, name="add"),
    path("s/<slug:code>/receipt.pdf", status.receipt, name="receipt"),
    path("s/<slug:code>/tasks", tasks.tasks, name="tasks"),
    path("s/<slug:code>/evidence", tasks.evidence, name="evidence"),
    path("s/<slug:code>/people", tasks.people, name="people"),
    path("s/<slug:code>/identity", tasks.identity, name="identity"),
    path("s/<slug:code>/station", tasks.station, name="station"),
    path("s/<slug:code>/take-back", tasks.take_back, name="take-back"),
    path("s/<slug:code>/fix/<int:number>", after.fix, name="fix"),
    path("s/<slug:code>/restore", after.restore, name="restore"),
    path("held/notice/<slug:code>", held.notice, name="held-notice"),
    path("held/notice/<slug:code>/object", held.object_to, name="held-object"),
    path("g/<uuid:objection_id>", held.objection, name="objection"),
    path("verify/<str:number>", start.verify_letter, name="verify-letter"),
    path("held", held.held, name="held"),
    path("contact-officers", contacts.contact_officers, name="contact-officers"),
    path("verify-officer", start.verify, name="verify"),
    path("help/now", start.help_now, name="help-now"),
    path("help/reference-number", start.help_reference, name="help-reference"),
    path("accessibility", start.accessibility, name="accessibility"),
    path("offline", start.offline, name="offline"),
]
