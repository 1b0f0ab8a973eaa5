"""A web server as the world's servers are: text travels as gzip, a folder is its `index.html`."""

import functools
import gzip
import mimetypes
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMPRESSED = (
    "text/",
    "application/javascript",
    "application/json",
    "application/wasm",
    "image/svg+xml",
)


@functools.cache
def packed(path):
    """The body that travels, and its headers."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind}
    body = path.read_bytes()
    if kind.startswith(COMPRESSED):
        headers["Content-Encoding"] = "gzip"
        body = gzip.compress(body)
    return body, headers | {"Content-Length": str(len(body))}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        address = urlsplit(self.path)
        inside = unquote(address.path)
        path = Path(self.server.folder, inside.removeprefix(self.server.prefix))
        if path.is_dir() and not inside.endswith("/"):
            self.redirect(address._replace(path=address.path + "/").geturl())
            return
        path = path / "index.html" if path.is_dir() else path
        if not inside.startswith(self.server.prefix) or not path.is_file():
            self.send_error(404)
            return
        body, headers = packed(path)
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, address):
        self.send_response(301)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing: pytest reports what matters."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A browser that leaves a page hangs up; that is no error."""


@contextmanager
def serve(folder, prefix="/"):
    """Serve a folder under a prefix, and nothing beside it; the value is the address."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.folder, server.prefix = folder, prefix
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
        server.shutdown()
