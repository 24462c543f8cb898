"""Files are judged by their bytes, hashed on arrival, opened only when scanned, and every touch is written down."""

import datetime as dt
import socket
import struct
import threading

import pytest

from thaam.files.keeping import Missing, Quarantined, keep_file, open_file, scan_file
from thaam.files.kinds import EmptyFile, NotAllowed, TooBig, kind_of
from thaam.files.models import File
from thaam.journal.ids import new_id
from thaam.work.models import Job

AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)
JPG = b"\xff\xd8\xff\xe0" + b"0" * 100


def keep(folder, content=JPG, name="bill.jpg", file_id=None):
    return keep_file(
        file_id=file_id or new_id(), folder=folder, content=content, name=name, about="complaint:1", by="citizen", at=AT
    )


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (JPG, "x.pdf", "jpg"),
        (b"\x89PNG\r\n\x1a\n..", "x", "png"),
        (b"%PDF-1.7", "x.jpg", "pdf"),
        (b"\0\0\0\x18ftypheic....", "IMG.HEIC", "heic"),
        (b"\0\0\0\x18ftypisom....", "cam.mp4", "mp4"),
        (b"a,b\n1,2\n", "t.csv", "csv"),
        ("शिकायत".encode(), "t.txt", "txt"),
    ],
)
def test_a_file_is_what_its_bytes_say(content, name, kind):
    assert kind_of(content, name=name) == kind


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "x.jpg", EmptyFile),
        (b"MZ\x90\0", "bill.jpg", NotAllowed),
        (b"<svg onload=alert(1)>", "a.txt", NotAllowed),
        (b"PK\x03\x04 any other zip", "a.xlsx", NotAllowed),
        (JPG + b"0" * 12_000_000, "big.jpg", TooBig),
    ],
)
def test_what_is_not_taken_says_what_to_do(content, name, error):
    with pytest.raises(error) as said:
        kind_of(content, name=name)
    assert said.value.text.hi
    assert said.value.text.en


@pytest.mark.django_db
def test_a_kept_file_waits_for_its_scan_and_then_opens_with_its_custody(tmp_path):
    file = keep(tmp_path)
    with pytest.raises(Quarantined):
        open_file(file=file, folder=tmp_path, by="officer:1", at=AT)
    assert Job.objects.filter(kind="scan file").count() == 1
    assert scan_file(file_id=file.id, folder=tmp_path, clamd="", at=AT) == "not_scanned"
    file = File.objects.get(id=file.id)
    assert open_file(file=file, folder=tmp_path, by="officer:1", at=AT) == JPG
    assert [touch.what for touch in file.touches] == [
        "received",
        "scan: not_scanned",
        "opened",
    ]


@pytest.mark.django_db
def test_the_same_id_again_is_the_first_file_and_a_path_in_the_name_is_dropped(tmp_path):
    one = new_id()
    file = keep(tmp_path, file_id=one, name="../../etc/passwd")
    assert file.name == "passwd"
    assert str(keep(tmp_path, content=b"%PDF-other", file_id=one).id) == one
    assert File.objects.count() == 1


@pytest.mark.django_db
def test_changed_bytes_on_disk_are_noticed(tmp_path):
    file = keep(tmp_path)
    (tmp_path / file.sha256[:2] / file.sha256).write_bytes(b"other")
    File.objects.filter(id=file.id).update(scan="clean")
    with pytest.raises(Missing):
        open_file(file=File.objects.get(id=file.id), folder=tmp_path, by="officer:1", at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(("reply", "verdict"), [(b"stream: OK\0", "clean"), (b"stream: Eicar FOUND\0", "infected")])
def test_a_scanner_is_asked_and_believed(tmp_path, reply, verdict):
    file = keep(tmp_path)
    path = tmp_path / "clamd"
    got = bytearray()

    def serve(listening):
        talk, _ = listening.accept()
        with talk, talk.makefile("rb") as read:
            assert read.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!L", read.read(4))[0]:
                got.extend(read.read(size))
            talk.sendall(reply)

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        scanner = threading.Thread(target=serve, args=(listening,))
        scanner.start()
        assert scan_file(file_id=file.id, folder=tmp_path, clamd=str(path), at=AT) == verdict
        scanner.join(60)
    assert bytes(got) == JPG
