# SPDX-License-Identifier: Apache-2.0
"""Hooks of mkdocs (see mkdocs.yml): README.md is the first page, links to sources are names, and every anchor is looked up.

mkdocs itself checks that the pages that are linked exist; strict mode makes its warnings errors.
"""
import logging
import os
import pathlib
import re

from mkdocs.structure.files import File

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
log = logging.getLogger("mkdocs.snag")
anchors: dict[str, set[str]] = {}  # of each page that was made
wanted: list[tuple[str, str, str]] = []  # page, page that it links to, anchor


def on_config(config):
    """A page that mkdocs.yml does not name (yet) is listed all the same."""
    listed = str(config["nav"])
    others = [page.name for page in sorted((ROOT / "docs").glob("*.md")) if f"'{page.name}'" not in listed]
    if others:
        config["nav"] = [*config["nav"], {"More": others}]
    return config


def on_files(files, config):
    """README.md becomes index.md; its copy lies in the build directory."""
    copy = ROOT / "build" / "site-pages"
    copy.mkdir(parents=True, exist_ok=True)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (copy / "index.md").write_text(re.sub(r"\]\(docs/", "](", text), encoding="utf-8")
    files.append(File("index.md", str(copy), config["site_dir"], config["use_directory_urls"]))
    anchors.clear()
    wanted.clear()
    return files


def on_page_markdown(markdown, page, config, files):
    """What lies outside of docs is not part of the site: the link becomes its text and the file's name, which has to exist."""
    folder = ROOT if page.file.src_uri == "index.md" else (ROOT / "docs" / page.file.src_uri).parent
    docs = ROOT / "docs"

    def plain(link: re.Match) -> str:
        text, target = link[1], link[2]
        if re.match(r"[a-z]+:|#", target):
            return link[0]
        path = pathlib.Path(os.path.normpath(folder / target.split("#")[0]))
        if page.file.src_uri == "index.md" and (docs / target.split("#")[0]).exists():
            return link[0]
        if docs in path.parents and path.is_file():
            return link[0]
        if not path.exists():
            log.warning("%s: there is no %s", page.file.src_uri, target)
        name = path.relative_to(ROOT).as_posix() if ROOT in path.parents else target
        return text if name in text else f"{text} (`{name}`)"

    return LINK.sub(plain, markdown)


def on_page_content(html, page, config, files):
    anchors[page.file.dest_uri] = set(re.findall(r'\sid="([^"]+)"', html))
    for target, anchor in re.findall(r'<a href="([^"#:]*)#([^"]+)"', html):
        path = os.path.normpath(os.path.join(os.path.dirname(page.file.dest_uri), target)) if target else page.file.dest_uri
        wanted.append((page.file.src_uri, path, anchor))
    return html


def on_post_build(config):
    for page, target, anchor in wanted:
        if anchor not in anchors.get(target, set()):
            log.warning("%s: %s has no #%s", page, target, anchor)
