#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report in a real browser, in light and in dark: filters and keys do what the page says, nothing is asked of
the network, words can be read on their ground, and what is drawn is there. Screenshots are left in FOLDER.

usage: report_page_test.py SNAG DOCUMENTS FOLDER [CHROMIUM]
"""
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib

snag, documents, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
chromium = sys.argv[4] if len(sys.argv) > 4 else "chromium"

# Uses the page as somebody at the keyboard would, and leaves what it saw in the page.
USER = """<script>
const press = (key, on) => (on || document.activeElement).dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
const seen = {};
const all = [...document.querySelectorAll("details.finding")];
const shown = () => all.filter((f) => f.offsetParent !== null).length;
seen.all = shown();
seen.open_at_first = all.filter((f) => f.open).length;
press("j"); seen.j = document.activeElement.tagName;
const first = document.activeElement;
press("j"); seen.second = document.activeElement !== first;
press("k"); seen.back = document.activeElement === first;
press("o"); seen.opened = first.parentElement.open;
press("o");
press("x"); seen.open_after_x = all.filter((f) => f.open).length;
press("/"); seen.slash = document.activeElement.id;
const search = document.getElementById("search");
search.value = "RACE_counter"; search.dispatchEvent(new Event("input"));
seen.filtered = shown(); seen.status = document.getElementById("shown").textContent;
press("Escape"); seen.escaped = shown();
const box = document.querySelector('input[value="kind:race"]');
box.click(); seen.without_races = shown(); box.click();
const luminance = (c) => {
  const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (e) => {
  for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (c !== "rgba(0, 0, 0, 0)" && c !== "transparent") return c;
  }
  return "rgb(255, 255, 255)";
};
seen.contrast = {};
for (const e of document.querySelectorAll("body *")) {
  const svg = e instanceof SVGElement;
  if (svg && (e.tagName !== "text" || !e.closest("svg.order"))) continue;
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.getClientRects().length === 0) continue;
  const a = luminance(svg ? getComputedStyle(e).fill : getComputedStyle(e).color), b = luminance(ground(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) seen.contrast[e.tagName + "." + (e.getAttribute("class") || "")] = ratio;
}
seen.pictures = document.querySelectorAll("svg.order").length;
seen.graphs = [...document.querySelectorAll("svg title")].filter((t) => t.textContent === "Who waits for whom").length;
seen.fetched = performance.getEntriesByType("resource").length;
seen.wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
seen.ground = getComputedStyle(document.body).backgroundColor;
const out = document.createElement("pre"); out.id = "seen"; out.textContent = JSON.stringify(seen); document.body.append(out);
</script>"""


def browse(page, scheme, *options):
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--enable-logging=stderr", f"--user-data-dir={profile}",
             f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}", "--window-size=1280,2400",
             *options, page.as_uri()],
            capture_output=True, text=True, timeout=300)
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not console, console
    return done.stdout


def first_pixel(path):
    """Red, green, blue of the corner of a PNG, whose first row has no row above it to refer to."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    return tuple(zlib.decompress(packed)[1:4])


def check(scheme):
    page = folder / f"{scheme}.html"
    made = subprocess.run([snag, "report", documents, "-o", str(page)], capture_output=True, text=True)
    assert made.returncode == 66, made.stderr
    original = page.read_text()
    count = original.count('<details class="finding')
    # As it is, and with the script that uses it.
    browse(page, scheme, f"--screenshot={folder / scheme}.png")
    used = folder / f"{scheme}_used.html"
    used.write_text(original.replace("</body>", USER + "</body>"))
    dom = browse(used, scheme, "--dump-dom")
    seen = json.loads(re.search(r'<pre id="seen">(.*?)</pre>', dom, re.S).group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert count >= 2 and seen["all"] == count == seen["open_after_x"] == seen["escaped"], seen
    assert seen["j"] == "SUMMARY" and seen["second"] and seen["back"] and seen["opened"], seen
    assert seen["slash"] == "search" and 0 < seen["filtered"] < count, seen
    assert seen["status"] == f"{seen['filtered']} of {count} shown", seen
    assert 0 < seen["without_races"] < count, seen
    assert seen["contrast"] == {}, seen["contrast"]
    assert seen["pictures"] >= 1 and seen["graphs"] >= 1, seen
    assert seen["fetched"] == 0 and not seen["wide"], seen
    light = sum(first_pixel(folder / f"{scheme}.png")) / 3
    assert light > 230 if scheme == "light" else light < 40, (scheme, light)
    # All open, for those who look at the pictures.
    opened = folder / f"{scheme}_open.html"
    opened.write_text(original.replace("</body>", '<script>for (const f of document.querySelectorAll("details.finding")) f.open = true;</script></body>'))
    browse(opened, scheme, f"--screenshot={folder / scheme}_open.png")


folder.mkdir(parents=True, exist_ok=True)
for scheme in ("light", "dark"):
    check(scheme)
