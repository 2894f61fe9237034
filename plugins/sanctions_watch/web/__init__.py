"""The page inside Airflow: allegations with their evidence, and the sample set-up's mailbox.

``create_app`` builds it from what it reads with and who it lets in, so that it runs the same behind Airflow's login, in a test, and alone.
"""

from sanctions_watch.web.app import create_app

__all__ = ["create_app"]
