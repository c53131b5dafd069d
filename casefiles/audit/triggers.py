"""Database triggers that forbid changing or removing what was recorded, on both engines (R17).

An ordered erasure empties values, so EventValue allows an update that blanks `old` and `new` and nothing else.
"""

from typing import Any

REFUSAL = "recorded events are never changed or removed"

_SQLITE = """
CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER audit_event_is_never_removed BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER audit_value_is_only_erased BEFORE UPDATE ON audit_eventvalue
WHEN NEW.old IS NOT NULL OR NEW.new IS NOT NULL OR NEW.field IS NOT OLD.field
  OR NEW.event_id IS NOT OLD.event_id OR NEW.salt IS NOT OLD.salt
BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER audit_value_is_never_removed BEFORE DELETE ON audit_eventvalue
BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER audit_head_is_never_removed BEFORE DELETE ON audit_chainhead
BEGIN SELECT RAISE(ABORT, '{refusal}'); END;
CREATE TRIGGER audit_head_only_advances BEFORE UPDATE ON audit_chainhead
WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""

_SQLITE_NAMES = [
    "audit_event_is_never_changed",
    "audit_event_is_never_removed",
    "audit_value_is_only_erased",
    "audit_value_is_never_removed",
    "audit_head_is_never_removed",
    "audit_head_only_advances",
]

_POSTGRESQL = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{refusal}'; END $$;
CREATE FUNCTION audit_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.old IS NOT NULL OR NEW.new IS NOT NULL OR NEW.field IS DISTINCT FROM OLD.field
     OR NEW.event_id IS DISTINCT FROM OLD.event_id OR NEW.salt IS DISTINCT FROM OLD.salt THEN
    RAISE EXCEPTION '{refusal}';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION audit_only_advance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <= OLD.seq THEN RAISE EXCEPTION '{refusal}'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_is_never_changed BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_event_is_never_emptied BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_value_is_only_erased BEFORE UPDATE ON audit_eventvalue
  FOR EACH ROW EXECUTE FUNCTION audit_only_erase();
CREATE TRIGGER audit_value_is_never_removed BEFORE DELETE ON audit_eventvalue
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_value_is_never_emptied BEFORE TRUNCATE ON audit_eventvalue
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_only_advances BEFORE UPDATE ON audit_chainhead
  FOR EACH ROW EXECUTE FUNCTION audit_only_advance();
CREATE TRIGGER audit_head_is_never_removed BEFORE DELETE ON audit_chainhead
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_is_never_emptied BEFORE TRUNCATE ON audit_chainhead
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
"""

_POSTGRESQL_DROP = """
DROP TRIGGER IF EXISTS audit_event_is_never_changed ON audit_event;
DROP TRIGGER IF EXISTS audit_event_is_never_emptied ON audit_event;
DROP TRIGGER IF EXISTS audit_value_is_only_erased ON audit_eventvalue;
DROP TRIGGER IF EXISTS audit_value_is_never_removed ON audit_eventvalue;
DROP TRIGGER IF EXISTS audit_value_is_never_emptied ON audit_eventvalue;
DROP TRIGGER IF EXISTS audit_head_only_advances ON audit_chainhead;
DROP TRIGGER IF EXISTS audit_head_is_never_removed ON audit_chainhead;
DROP TRIGGER IF EXISTS audit_head_is_never_emptied ON audit_chainhead;
DROP FUNCTION IF EXISTS audit_refuse();
DROP FUNCTION IF EXISTS audit_only_erase();
DROP FUNCTION IF EXISTS audit_only_advance()
"""


def install(connection: Any) -> None:
    """Create the triggers on a database connection, or on a migration's schema editor's connection."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in _SQLITE.format(refusal=REFUSAL).split("END;"):
                text = statement.strip()
                cursor.execute(text if text.endswith("END") else f"{text} END")
        else:
            cursor.execute(_POSTGRESQL.format(refusal=REFUSAL))


def remove(connection: Any) -> None:
    """Drop the triggers: for a reversed migration, and for tests that empty the tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE_NAMES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(_POSTGRESQL_DROP)
