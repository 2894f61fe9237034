"""Alert: put what is new into a mail, choose who gets it, and remember each delivery.

``compose`` freezes what a mail prints when its assessment is stored; ``fan_out`` makes one notification a subscriber; ``render`` turns both
into a message; ``after_attempt`` says what a delivery's outcome does to its notification.
"""

from sanctions_watch.stages.alert.compose import compose
from sanctions_watch.stages.alert.outbox import after_attempt
from sanctions_watch.stages.alert.render import render
from sanctions_watch.stages.alert.routes import fan_out
from sanctions_watch.stages.alert.subscribers import read_subscribers

VERSION = "1"

__all__ = ["VERSION", "after_attempt", "compose", "fan_out", "read_subscribers", "render"]
