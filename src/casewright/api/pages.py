"""Pages: the demo page and the reader of the OpenAPI document, from our own origin and nowhere else.

The few files are read once and served from memory. No page holds data; each asks the API like any other
client.
"""

import hashlib
import json
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}
_FILES = ("demo.html", "demo.js", "docs.html", "docs.js", "page.css", "icon.svg")
_PATHS = {"/": "demo.html", "/docs": "docs.html"}


class PageFile:
    """One file in memory, with the tag that tells a browser whether it has changed."""

    def __init__(self, name: str, body: bytes) -> None:
        self._body = body
        self._headers = {
            "content-type": _TYPES[name.rsplit(".", 1)[-1]],
            "cache-control": "no-cache",
            "referrer-policy": "no-referrer",
            "cross-origin-resource-policy": "same-origin",
            "etag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        }

    async def __call__(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self._headers["etag"]:
            return Response(status_code=304, headers=self._headers)
        return Response(self._body, headers=self._headers)


def build_page_routes() -> list[Route]:
    """Routes of the pages and of the files they load."""
    files = {name: PageFile(name, _read("casewright.api", f"static/{name}")) for name in _FILES}
    files["samples.json"] = PageFile("samples.json", _read_samples())
    routes = [Route(path, files[name].__call__, methods=["GET"]) for path, name in _PATHS.items()]
    routes += [Route(f"/static/{name}", file.__call__, methods=["GET"]) for name, file in files.items()]
    return routes


def _read_samples() -> bytes:
    lines = _read("casewright.desks.disputes", "samples/tickets.jsonl").decode("utf-8").splitlines()
    return json.dumps([json.loads(line) for line in lines if line.strip()], ensure_ascii=False).encode(
        "utf-8"
    )


def _read(package: str, name: str) -> bytes:
    return resources.files(package).joinpath(name).read_bytes()
