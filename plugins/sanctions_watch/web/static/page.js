// The page's only script: Airflow's theme, times in the reader's own zone, and links that open inside Airflow's frame.
"use strict";

(() => {
  const root = document.documentElement;
  const stored = (name) => {
    try {
      return window.localStorage.getItem(name);
    } catch {
      return null; // storage may be closed to us: then the system's preference and UTC hold
    }
  };

  // Airflow keeps its colour mode in localStorage as light, dark or system.
  const dress = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  dress(stored("theme"));
  window.addEventListener("storage", (event) => {
    if (event.key === "theme") dress(event.newValue);
  });

  const ZONE = "sanctions-watch-zone";
  const withTime = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const local = new Intl.DateTimeFormat("en-GB", { ...withTime, timeZoneName: "short" });
  const localDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

  const showTimes = (inOwnZone) => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      time.dataset.utc ??= time.textContent;
      const moment = new Date(time.dateTime);
      const own = ("day" in time.dataset ? localDay : local).format(moment);
      time.textContent = inOwnZone ? own : time.dataset.utc;
      time.title = inOwnZone ? time.dateTime : local.format(moment);
    }
  };

  // Airflow shows the page in a frame that may not open windows: the click is handed to the page around it, which may.
  const openOutside = (event) => {
    const link = event.target.closest?.("a[target=_blank]");
    if (!link || window.parent === window) return;
    try {
      const around = window.parent.document;
      const stand = around.createElement("a");
      Object.assign(stand, { href: link.href, target: "_blank", rel: link.rel, referrerPolicy: "no-referrer" });
      around.body.append(stand);
      stand.click();
      stand.remove();
      event.preventDefault();
    } catch {
      // a frame of another origin: the browser decides
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("zone");
    let inOwnZone = stored(ZONE) === "own";
    const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const apply = () => {
      showTimes(inOwnZone);
      button.textContent = inOwnZone ? name : "UTC";
      button.setAttribute("aria-pressed", String(inOwnZone));
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      inOwnZone = !inOwnZone;
      try {
        window.localStorage.setItem(ZONE, inOwnZone ? "own" : "utc");
      } catch {
        // not remembered, but shown
      }
      apply();
    });
    apply();
    document.addEventListener("click", openOutside);
  });
})();
