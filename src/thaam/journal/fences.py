"""What the database itself refuses: migration operations for append-only tables, row-level security and grants.

    from thaam.journal.fences import append_only, desk_is, grant, row_level

    operations = [..., append_only("holds_entry"),
                  row_level("complaints_complaint", using_sql="desk_office() IS NOT NULL OR id = desk_complaint()",
                            check_sql="true")]

The desk is the setting `thaam.desk` of the running transaction: `office:<id>` (staff), `partner:<code>` (a bank whose
signature was verified), `complaint:<id>` (a citizen's link). In SQL: desk() is the whole text or NULL, desk_office(),
desk_partner() and desk_complaint() are the part after the colon or NULL. The policies bind thaam_app; thaam_loops and
the owner (for SECURITY DEFINER functions and data migrations) see every row, a superuser is never bound.

A table whose rows thaam_app may insert but not see needs a primary key made by the caller: Postgres applies the
USING rule to what an INSERT returns.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

from thaam.journal.roles import APP, LOOPS, OWNER

_RUNNING = f"{APP}, {LOOPS}"


def append_only(table: str) -> RunSQL:
    """Rows of `table` may be inserted and read, and nothing else: by privilege, and by trigger for the owner too."""
    return RunSQL(
        sql=f"""
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {_RUNNING};
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        reverse_sql=f"""
            DROP TRIGGER {table}_append_only ON {table};
            GRANT UPDATE, DELETE ON {table} TO {_RUNNING};
        """,
    )


def row_level(table: str, using_sql: str, check_sql: str = "true") -> RunSQL:
    """thaam_app sees and changes rows of `table` where `using_sql` holds, and writes rows where `check_sql` holds.

    No desk setting means that desk() and its parts are NULL, so a rule built on them shows no row.
    """
    return RunSQL(
        sql=f"""
            ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
            ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
            CREATE POLICY {table}_seen ON {table} FOR SELECT TO {APP} USING ({using_sql});
            CREATE POLICY {table}_added ON {table} FOR INSERT TO {APP} WITH CHECK ({check_sql});
            CREATE POLICY {table}_changed ON {table} FOR UPDATE TO {APP} USING ({using_sql}) WITH CHECK ({check_sql});
            CREATE POLICY {table}_removed ON {table} FOR DELETE TO {APP} USING ({using_sql});
            CREATE POLICY {table}_whole ON {table} TO {LOOPS}, {OWNER} USING (true) WITH CHECK (true);
        """,
        reverse_sql=f"""
            DROP POLICY {table}_seen ON {table};
            DROP POLICY {table}_added ON {table};
            DROP POLICY {table}_changed ON {table};
            DROP POLICY {table}_removed ON {table};
            DROP POLICY {table}_whole ON {table};
            ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
            ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def grant(table: str, *, app: Sequence[str], loops: Sequence[str] = ("SELECT", "INSERT", "UPDATE", "DELETE")) -> RunSQL:
    """Narrow what the running roles may do with `table` to the rights named ("SELECT", "INSERT", ...)."""
    statements = [f"REVOKE ALL ON {table} FROM {_RUNNING}"]
    for role, rights in ((APP, app), (LOOPS, loops)):
        if rights:
            statements.append(f"GRANT {', '.join(rights)} ON {table} TO {role}")
    return RunSQL(
        sql=";\n".join(statements), reverse_sql=f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {_RUNNING}"
    )


def foundations() -> RunSQL:
    """The functions the fences stand on; run once, in the journal's first migration."""
    parts = "".join(
        f"""
        CREATE FUNCTION desk_{kind}() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
            $$ SELECT CASE WHEN desk() LIKE '{kind}:%' THEN substr(desk(), {len(kind) + 2}) END $$;
        """
        for kind in ("office", "partner", "complaint")
    )
    return RunSQL(
        sql=f"""
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '% of % is refused: its rows are never changed', TG_OP, TG_TABLE_NAME
                   USING ERRCODE = 'insufficient_privilege'; END $$;
            -- a setting made with set_config(..., true) reads as '' after its transaction, not as NULL
            CREATE FUNCTION desk() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
                $$ SELECT nullif(current_setting('thaam.desk', true), '') $$;
            {parts}
        """,
        reverse_sql="""
            DROP FUNCTION desk_office(); DROP FUNCTION desk_partner(); DROP FUNCTION desk_complaint();
            DROP FUNCTION desk(); DROP FUNCTION refuse_change();
        """,
    )


def only_columns(table: str, changeable: Sequence[str]) -> RunSQL:
    """An UPDATE of `table` may touch the named columns only, and rows are never deleted. Use queryset.update()."""
    return RunSQL(
        sql=f"""
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {_RUNNING};
            GRANT UPDATE ({", ".join(changeable)}) ON {table} TO {_RUNNING};
        """,
        reverse_sql=f"GRANT UPDATE, DELETE ON {table} TO {_RUNNING};",
    )
