import re
from pathlib import Path

import pytest

from sanctions_watch.errors import ConfigurationError
from sanctions_watch.settings import PREFIX, Settings, read_settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = {"SANCTIONS_WATCH_WAREHOUSE_URL": "postgresql://reader:s3cret@localhost/warehouse"}


def test_the_template_lists_every_setting_and_no_other():
    written = re.findall(r"^(SANCTIONS_WATCH_\w+)=", (ROOT / ".env.template").read_text(), re.MULTILINE)
    assert sorted(written) == sorted(PREFIX + name.upper() for name in Settings.__dataclass_fields__)


def test_defaults():
    settings = read_settings(GOOD)
    assert settings.feeds.name == "feeds.yaml"
    assert settings.subscribers.name == "subscribers.yaml"
    assert settings.collect_seconds == 60
    assert settings.allowed_hosts == ()


def test_every_problem_is_named_at_once():
    wrong = {
        "SANCTIONS_WATCH_WAREHOUSE_URL": "mysql://x",
        "SANCTIONS_WATCH_FEEDS": "/nowhere.yaml",
        "SANCTIONS_WATCH_CLOCK": "yesterday",
        "SANCTIONS_WATCH_BATCH": "many",
        "SANCTIONS_WATCH_WINDOW_DAYS": "0",
        "SANCTIONS_WATCH_SMTP_URL": "mail.example.org",
        "SANCTIONS_WATCH_FEDS": "x",
    }
    with pytest.raises(ConfigurationError) as raised:
        read_settings(wrong)
    named = "\n".join(raised.value.problems)
    assert len(raised.value.problems) == len(wrong)
    for name in wrong:
        assert name in named


def test_no_password_in_a_problem_or_a_repr():
    with pytest.raises(ConfigurationError) as raised:
        read_settings({"SANCTIONS_WATCH_WAREHOUSE_URL": "mysql://reader:s3cret@localhost/warehouse"})
    assert "s3cret" not in str(raised.value)
    assert "s3cret" not in repr(read_settings(GOOD))


def test_a_missing_warehouse_is_a_problem():
    with pytest.raises(ConfigurationError, match="SANCTIONS_WATCH_WAREHOUSE_URL"):
        read_settings({})
