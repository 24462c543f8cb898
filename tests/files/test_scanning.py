"""The virus scanner is asked in clamd's own words over a real socket; until it has answered nobody opens a file.

Where clamd itself is installed (Debian: clamav-daemon) the same tests run against it, with one signature of our own.
"""

import shutil
import socket
import struct
import subprocess
import threading
import time
from datetime import UTC, datetime

import pytest

from thaam.files.keeping import Quarantined, ScannerFailed, keep_file, open_file, scan_file
from thaam.journal.ids import new_id

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, tzinfo=UTC)
VIRUS = b"this,is,the,test,virus"


CLAMD = shutil.which("clamd", path="/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin")


@pytest.fixture(params=["imitated", "real"])
def clamd(request, tmp_path):
    """The socket's path; the real daemon is left out where it is not installed."""
    if request.param == "imitated":
        yield from imitated(tmp_path)
    elif CLAMD is None:
        pytest.skip("clamd is not installed (Debian: apt-get install clamav-daemon)")
    else:
        yield from real(tmp_path)


def real(folder):
    """clamd with a signature database of one line, that takes 4 MB a stream."""
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Thaam.Test:0:*:{VIRUS.hex()}\n")
    path = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {path}\nDatabaseDirectory {folder / 'db'}\nForeground yes\nMaxThreads 2\nStreamMaxLength 4M\n"
    )
    daemon = subprocess.Popen(
        [CLAMD, f"--config-file={folder / 'clamd.conf'}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 120
        while not path.is_socket() and daemon.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert path.is_socket(), "clamd did not start"
        yield str(path)
    finally:
        daemon.terminate()
        daemon.wait(60)


def imitated(tmp_path):
    """A small server that speaks INSTREAM as clamd does: chunks with a length, an empty one, then one line."""
    path = str(tmp_path / "clamd.sock")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()

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
                talk.sendall(verdict(content))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield path
    server.close()


def verdict(content):
    if len(content) > 4 * 1024 * 1024:
        return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Test.Virus FOUND\0" if VIRUS in content else b"stream: OK\0"


def kept(folder, content):
    return keep_file(
        file_id=new_id(), folder=folder, content=content, name="s.csv", about="order:1", by="bank:DEMO2", at=AT
    )


def test_a_clean_file_opens_after_the_scan_and_not_before(tmp_path, clamd):
    content = b"a,b\n" + b"1,2\n" * 40_000  # more than one chunk
    file = kept(tmp_path, content)
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=clamd, at=AT) == "clean"
    file.refresh_from_db()
    assert open_file(file=file, folder=tmp_path, by="officer:1", at=AT) == content


def test_an_infected_file_stays_in_quarantine_and_the_custody_says_so(tmp_path, clamd):
    # at the very end, after several chunks: the scanner gets every byte
    file = kept(tmp_path, b"a,b\n" + b"1,2\n" * 40_000 + VIRUS + b"\n")
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=clamd, at=AT) == "infected"
    file.refresh_from_db()
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)
    assert [touch.what for touch in file.touches] == ["received", "scan: infected"]


def test_without_a_scanner_a_file_counts_as_not_scanned(tmp_path):
    file = kept(tmp_path, b"a,b\n")
    assert scan_file(file_id=file.pk, folder=tmp_path, clamd=str(tmp_path / "none"), at=AT) == "not_scanned"


def test_no_verdict_is_no_virus_and_no_leave_to_open(tmp_path, clamd):
    """Longer than the scanner takes: the job fails and is tried again, the file stays in quarantine."""
    file = kept(tmp_path, b"a,b\n" + b"1,2\n" * 1_250_000)
    with pytest.raises((ScannerFailed, OSError)):
        scan_file(file_id=file.pk, folder=tmp_path, clamd=clamd, at=AT)
    file.refresh_from_db()
    assert file.scan == "waiting"
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)


def test_a_scanner_that_is_down_leaves_the_file_in_quarantine(tmp_path):
    path = str(tmp_path / "dead.sock")
    with socket.socket(socket.AF_UNIX) as nobody:
        nobody.bind(path)
    file = kept(tmp_path, b"a,b\n")
    with pytest.raises(OSError, match="refused"):
        scan_file(file_id=file.pk, folder=tmp_path, clamd=path, at=AT)
    file.refresh_from_db()
    assert file.scan == "waiting"
