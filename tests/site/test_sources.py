"""Pyodide's files: only the pinned ones, from a folder or an address, and one line if not."""

import functools
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.site import sources
from tools.site.sources import RefusedError

CONTENT = bytes(range(256)) * 1000


@pytest.fixture
def pins(tmp_path):
    path = tmp_path / "pins.sha256"
    path.write_text(f"{hashlib.sha256(CONTENT).hexdigest()}  a.whl\n")
    return path


@pytest.fixture
def files(pins, tmp_path):
    return functools.partial(sources.files, cache=tmp_path / "cache", pins=pins)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.whl").write_bytes(CONTENT)
    return folder


class Handler(BaseHTTPRequestHandler):
    """Sends the file; a server that `breaks` hangs up in its middle."""

    def do_GET(self):
        asked = self.headers["Range"]
        self.server.asked.append(asked)
        begin = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if self.path != "/full/a.whl" or begin >= len(CONTENT):
            return self.send_error(416 if begin else 404)
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(CONTENT) - begin))
        self.end_headers()
        end = len(CONTENT) // 2 if self.server.breaks else None
        self.wfile.write(self.server.content[begin:end])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.breaks, server.content = [], False, CONTENT
        server.address = f"http://127.0.0.1:{server.server_port}/full"
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.shutdown()


def refusal(files, source):
    with pytest.raises(RefusedError) as refused:
        files(str(source))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_files_of_a_folder_are_taken_where_they_lie(files, folder):
    assert files(str(folder)) == {"a.whl": folder / "a.whl"}


def test_what_is_published_is_pinned():
    assert len(sources.pinned()) == 30
    assert {"pyodide-lock.json", "pyodide.asm.wasm"} < set(sources.pinned())
    assert sources.PUBLISHED.endswith("/v0.27.7/full/")


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x", CONTENT[:-1] + b"x", b""])
def test_another_file_is_refused(files, folder, content):
    (folder / "a.whl").write_bytes(content)
    assert "a.whl is not the file that is pinned: its SHA-256 must be" in refusal(files, folder)
    assert (folder / "a.whl").exists()


def test_a_missing_file_or_folder_is_named(files, folder):
    (folder / "a.whl").unlink()
    assert "a.whl is missing. Name a folder" in refusal(files, folder)
    assert "there is no folder" in refusal(files, folder / "elsewhere")


def test_what_came_from_an_address_is_kept(files, server, tmp_path):
    assert files(server.address + "/")["a.whl"].read_bytes() == CONTENT
    assert files(server.address) == {"a.whl": tmp_path / "cache" / "a.whl"}
    assert server.asked == [None]


def test_a_download_that_broke_off_goes_on_where_it_stopped(files, server):
    server.breaks = True
    assert "broke off; the same command resumes it" in refusal(files, server.address)
    server.breaks = False
    assert files(server.address)["a.whl"].read_bytes() == CONTENT
    assert server.asked == [None, f"bytes={len(CONTENT) // 2}-"]


def test_a_part_that_is_the_whole_is_taken(files, server, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "a.whl.part").write_bytes(CONTENT)
    assert files(server.address)["a.whl"].read_bytes() == CONTENT


def test_a_download_of_another_file_is_refused_and_not_kept(files, server, tmp_path):
    server.content = CONTENT[::-1]
    assert "is not the file that is pinned" in refusal(files, server.address)
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_network_and_no_such_file_say_what_to_do(files, server):
    assert "answers 404" in refusal(files, server.address + "/other")
    server.shutdown()
    server.server_close()
    message = refusal(files, server.address)
    assert "cannot fetch" in message
    assert message.endswith("make site PYODIDE=folder")
