"""One JSON object a line. Logs carry ids, not content; control characters are escaped by JSON (R32)."""

import json
import logging
from datetime import UTC, datetime

EXTRA = ("user_id", "record_id", "act", "path_name", "status", "milliseconds")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update({name: str(getattr(record, name)) for name in EXTRA if hasattr(record, name)})
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=True)
