// SPDX-License-Identifier: Apache-2.0
// Filters and keys. Without this the page shows everything, and opens by the browser's own keys.
"use strict";
(() => {
  const findings = [...document.querySelectorAll("details.finding")];
  const search = document.getElementById("search");
  const boxes = [...document.querySelectorAll(".filters input[type=checkbox]")];
  const shown = document.getElementById("shown");
  document.querySelector(".filters").hidden = false;

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(boxes.filter((b) => !b.checked).map((b) => b.value));
    let count = 0;
    for (const f of findings) {
      const visible = !off.has("kind:" + f.dataset.kind) && !off.has("stands:" + f.dataset.stands) &&
        words.every((w) => f.dataset.words.includes(w));
      f.hidden = !visible;
      count += visible;
    }
    shown.textContent = count + " of " + findings.length + " shown";
  };
  search.addEventListener("input", filter);
  for (const b of boxes) b.addEventListener("change", filter);

  const visible = () => findings.filter((f) => !f.hidden).map((f) => f.querySelector("summary"));
  const move = (step) => {
    const all = visible();
    if (all.length === 0) return;
    const at = all.findIndex((s) => s === document.activeElement || s.parentElement.contains(document.activeElement));
    const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target === search) {
      if (e.key === "Escape") { search.value = ""; filter(); search.blur(); }
      if (e.key === "Enter") { const first = visible()[0]; if (first) first.focus(); }
      return;
    }
    if (e.key === "j") move(1);
    else if (e.key === "k") move(-1);
    else if (e.key === "/") { e.preventDefault(); search.focus(); }
    else if (e.key === "o") { const f = document.activeElement.closest("details.finding"); if (f) f.open = !f.open; }
    else if (e.key === "x") { const open = findings.some((f) => f.open); for (const f of findings) if (!f.hidden) f.open = !open; }
  });
  for (const b of document.querySelectorAll("button.frames"))
    b.addEventListener("click", () => {
      const all = b.closest(".body").classList.toggle("all");
      b.setAttribute("aria-pressed", String(all));
    });
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.matches("details.finding")) { target.open = true; target.querySelector("summary").focus(); }
  else if (findings.length === 1) findings[0].open = true;
  filter();
})();
