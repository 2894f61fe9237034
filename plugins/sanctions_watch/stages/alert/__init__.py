"""Alert: put what is new into a message, choose who gets it and when, and remember each delivery.

``compose`` freezes what a mail prints when its assessment is stored; ``fan_out`` makes one notification a subscriber and channel, to go at
once or held for a digest; ``gather``, ``catch_up`` and ``proofs`` make digests; ``render`` and ``render_digest`` turn them into messages;
``after_attempt`` says what a delivery's outcome does to its notification.
"""

from sanctions_watch.stages.alert.compose import compose
from sanctions_watch.stages.alert.digests import OUTAGE, Gathering, catch_up, gather, proofs
from sanctions_watch.stages.alert.messages import MOST_IN_DIGEST, render, render_digest
from sanctions_watch.stages.alert.outbox import after_attempt
from sanctions_watch.stages.alert.routes import fan_out
from sanctions_watch.stages.alert.subscribers import read_subscribers

VERSION = "1"

__all__ = [
    "MOST_IN_DIGEST",
    "OUTAGE",
    "VERSION",
    "Gathering",
    "after_attempt",
    "catch_up",
    "compose",
    "fan_out",
    "gather",
    "proofs",
    "read_subscribers",
    "render",
    "render_digest",
]
