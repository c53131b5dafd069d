"""Where full text looks: an FTS5 table on SQLite, a GIN index on PostgreSQL."""

from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5("
            "terms, content='search_searchentry', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\", "
            "prefix='2 3')"
        )
    else:
        schema_editor.execute(
            "CREATE INDEX search_words ON search_searchentry USING gin (to_tsvector('simple', terms))"
        )


def remove(apps, schema_editor):
    what = "TABLE" if schema_editor.connection.vendor == "sqlite" else "INDEX"
    schema_editor.execute(f"DROP {what} search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(create, remove)]
