"""The virus scanner is asked in clamd's own words over a real socket; until it has answered nobody opens a file."""

import socket
import struct
import threading
from datetime import UTC, datetime

import pytest

from thaam.files.keeping import Quarantined, keep_file, open_file, scan_file
from thaam.journal.ids import new_id

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, tzinfo=UTC)
VIRUS = b"this,is,the,test,virus"


@pytest.fixture
def clamd(tmp_path):
    """A small server that speaks INSTREAM as clamd does: chunks with a length, an empty one, then one line."""
    path = str(tmp_path / "clamd.sock")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    seen = []

    def exactly(talk, count):
        content = b""
        while len(content) < count:
            content += talk.recv(count - len(content))
        return content

    def serve():
        while True:
            try:
                talk, _ = server.accept()
            except OSError:
                return
            with talk:
                assert exactly(talk, 10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!L", exactly(talk, 4))[0]:
                    content += exactly(talk, size)
                seen.append(content)
                talk.sendall(b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield path, seen
    server.close()


def kept(folder, content):
    return keep_file(
        file_id=new_id(), folder=folder, content=content, name="s.csv", about="order:1", by="bank:DEMO2", at=AT
    )


def test_a_clean_file_opens_after_the_scan_and_not_before(tmp_path, clamd):
    path, seen = clamd
    content = b"a,b\n" + b"1,2\n" * 40_000  # more than one chunk
    file = kept(tmp_path, content)
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=path, at=AT) == "clean"
    assert seen == [content], "every byte reached the scanner"
    file.refresh_from_db()
    assert open_file(file=file, folder=tmp_path, by="officer:1", at=AT) == content


def test_an_infected_file_stays_in_quarantine_and_the_custody_says_so(tmp_path, clamd):
    file = kept(tmp_path, b"x," + VIRUS + b"\n")
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=clamd[0], at=AT) == "infected"
    file.refresh_from_db()
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)
    assert list(file.custody.values_list("what", flat=True)) == ["received", "scan: infected"]


def test_without_a_scanner_a_file_counts_as_not_scanned(tmp_path):
    file = kept(tmp_path, b"a,b\n")
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=str(tmp_path / "none"), at=AT) == "not_scanned"
