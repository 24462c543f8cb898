"""Staff see the common work of police and banks; a bank sees what it was invited to, owns, or was sent."""

from django.db import migrations

from thaam.journal.fences import append_only, row_level

STAFF = "desk_office() IS NOT NULL"
INVITED = "EXISTS (SELECT 1 FROM coordination_invitation i WHERE i.meeting_id = {} AND i.bank_id = desk_partner())"


class Migration(migrations.Migration):
    dependencies = [("coordination", "0001_first_tables"), ("journal", "0002_fences")]

    operations = [
        row_level("coordination_invitation", f"{STAFF} OR bank_id = desk_partner()", STAFF),
        row_level("coordination_meeting", f"{STAFF} OR {INVITED.format('coordination_meeting.id')}", STAFF),
        row_level("coordination_attendance", STAFF, "true"),
        row_level("coordination_agendaitem", f"{STAFF} OR {INVITED.format('coordination_agendaitem.meeting_id')}", STAFF),
        row_level("coordination_decision", f"{STAFF} OR owner_bank_id = desk_partner()", STAFF),
        row_level(
            "coordination_decisionclosing",
            f"{STAFF} OR EXISTS (SELECT 1 FROM coordination_decision d WHERE d.id = coordination_decisionclosing.decision_id)",
        ),
        row_level("coordination_suggestion", STAFF, STAFF),
        row_level("coordination_suggestionanswer", STAFF, STAFF),
        row_level("coordination_bulletincopy", f"{STAFF} OR bank_id = desk_partner()", f"{STAFF} OR bank_id = desk_partner()"),
        row_level(
            "coordination_bulletin",
            f"{STAFF} OR EXISTS (SELECT 1 FROM coordination_bulletincopy c WHERE c.bulletin_id = coordination_bulletin.id AND c.bank_id = desk_partner())",
            STAFF,
        ),
        row_level("coordination_campaignevent", f"{STAFF} OR bank_id = desk_partner()", f"{STAFF} OR bank_id = desk_partner()"),
        row_level("coordination_inspection", f"{STAFF} OR bank_id = desk_partner()", STAFF),
        row_level(
            "coordination_finding",
            f"{STAFF} OR EXISTS (SELECT 1 FROM coordination_inspection v WHERE v.id = coordination_finding.inspection_id AND v.bank_id = desk_partner())",
            STAFF,
        ),
        row_level(
            "coordination_findingclosing",
            f"{STAFF} OR EXISTS (SELECT 1 FROM coordination_finding f WHERE f.id = coordination_findingclosing.finding_id)",
        ),
        row_level("coordination_traderproblem", STAFF, STAFF),
        row_level("coordination_traderproblemanswer", STAFF, STAFF),
        *(
            append_only(f"coordination_{name}")
            for name in (
                "attendance",
                "decision",
                "decisionclosing",
                "suggestion",
                "suggestionanswer",
                "inspection",
                "finding",
                "findingclosing",
                "traderproblem",
                "traderproblemanswer",
            )
        ),
    ]
