"""Sanctions Watch: who alleges that whom breached the UN sanctions on North Korea, from news feeds to an analyst's mail.

    feed bytes -> Entry -> Article -> Selection -> Story -> Claim -> Assessment -> Alert -> Notification
       collect     clean    select   deduplicate  extract  assess      alert     deliver
"""
