"""Where the bytes lie: full disks, an S3 server, what nobody claims, and memory that stays flat."""

import errno
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.conf import settings
from django.test import override_settings
from moto.server import ThreadedMotoServer

from casemgmt import clock
from casemgmt.accounts.actors import SYSTEM, Actor
from casemgmt.errors import DomainError
from evidence import items, janitor, receiving, storage
from evidence.models import File, Item
from tests.evidence import samples
from tests.evidence.house import NOON, House

DAY = timedelta(hours=24)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# ---- no room


class FullDisk:
    """A file on a disk that is full from the n-th byte on."""

    def __init__(self, real: Any, room: int, error: int) -> None:
        self._real, self._room, self._error = real, room, error

    def write(self, chunk: bytes) -> int:
        self._room -= len(chunk)
        if self._room < 0:
            raise OSError(self._error, os.strerror(self._error))
        return int(self._real.write(chunk))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.mark.django_db
@pytest.mark.urls("tests.evidence.urls")
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("room", [0, 70_000, 190_000])
def test_a_full_disk_is_507_and_nothing_is_half_written(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, error: int, room: int
) -> None:
    made = receiving.Spool.__init__

    def on_a_full_disk(spool: receiving.Spool) -> None:
        made(spool)
        spool._file = FullDisk(spool._file, room, error)  # type: ignore[assignment]

    monkeypatch.setattr(receiving.Spool, "__init__", on_a_full_disk)
    answer = house.send(house.buyer, samples.JPEG + bytes(200_000))
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert int(answer["Retry-After"]) > 0
    assert not Item.objects.exists() and not File.objects.exists() and files(folder) == []
    monkeypatch.undo()


@pytest.mark.django_db
@pytest.mark.parametrize("call", ["fsync", "open", "mkdir", "replace"])
def test_no_room_at_any_call_leaves_no_row(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os if call == "fsync" else Path, call, full)
    with pytest.raises(DomainError) as refused:
        house.hand_in()
    monkeypatch.undo()
    assert refused.value.status == 507
    assert not Item.objects.exists() and not File.objects.exists() and files(folder) == []


def test_a_real_limit_on_file_size_is_no_room(tmp_path: Path) -> None:
    """The kernel itself refuses, by RLIMIT_FSIZE, in a process of its own."""
    done = _child(
        tmp_path,
        """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        from evidence import receiving, refusals
        try:
            receiving.receive([bytes(65536)] * 4, name="x")
        except refusals.StorageFull:
            print("no room")
        """,
    )
    assert done == "no room" and files(tmp_path) == []


# ---- memory


def test_two_hundred_megabytes_leave_memory_flat(tmp_path: Path) -> None:
    """A whole upload through Django's form parser, in a process of its own."""
    grown = _child(
        tmp_path,
        """
        import resource
        from django.core.handlers.wsgi import WSGIRequest
        from evidence.receiving import HashingHandler
        from tests.evidence.samples import MP4

        class Wire:
            "A form with one video of 200 MB, made while it is read."
            def __init__(self):
                head = (b'--x\\r\\nContent-Disposition: form-data; name="file"; filename="a.mp4"\\r\\n'
                        b'Content-Type: video/mp4\\r\\n\\r\\n' + MP4)
                self.parts = iter([head, *[bytes(65536)] * 3200, b'\\r\\n--x--\\r\\n'])
                self.length = len(head) + 65536 * 3200 + 9
                self.rest = b''
            def readline(self):
                raise AssertionError("a form is not read by lines")
            def read(self, size=-1):
                while len(self.rest) < size:
                    part = next(self.parts, None)
                    if part is None:
                        break
                    self.rest += part
                given, self.rest = self.rest[:size], self.rest[size:]
                return given

        wire = Wire()
        request = WSGIRequest({'REQUEST_METHOD': 'POST', 'wsgi.input': wire, 'CONTENT_LENGTH': str(wire.length),
                               'CONTENT_TYPE': 'multipart/form-data; boundary=x', 'PATH_INFO': '/'})
        request.upload_handlers = [HashingHandler(request)]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        received = request.FILES['file']
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        assert received.glimpse.size == 65536 * 3200 + len(MP4)
        received.discard()
        print(grown)
        """,
    )
    assert int(grown) <= 16, f"{grown} MB more"


def _child(folder: Path, program: str) -> str:
    environment = {**os.environ, "VAR_DIR": str(folder)}
    setup = "import django; django.setup()\n" + textwrap.dedent(program)
    done = subprocess.run(
        [sys.executable, "-c", setup], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    for path in folder.glob("secret-key"):
        path.unlink()
    return done.stdout.strip()


# ---- what nobody claims


@pytest.mark.django_db
def test_the_janitor_takes_what_no_row_speaks_of_after_a_day(house: House, folder: Path) -> None:
    kept = house.hand_in()
    given_up = receiving.receive([samples.png()], name="a.png")
    items.store(received=receiving.receive([samples.GIF], name="a.gif"), kind="photo")
    assert len(files(folder)) == 3
    now = clock.now()
    assert janitor.sweep(at=now + DAY - timedelta(minutes=1)) == janitor.Swept(incoming=0, orphans=0)
    assert janitor.sweep(at=now + DAY + timedelta(minutes=1)) == janitor.Swept(incoming=1, orphans=1)
    assert files(folder) == [kept.file.storage_key]
    assert not given_up.path.exists()
    assert janitor.sweep(at=now + DAY * 400) == janitor.Swept(incoming=0, orphans=0)


@pytest.mark.django_db
def test_bytes_sent_again_are_young_again(house: House, folder: Path) -> None:
    items.store(received=receiving.receive([samples.GIF], name="a.gif"), kind="photo")
    path = folder / files(folder)[0]
    old = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    os.utime(path, (old, old))
    items.store(received=receiving.receive([samples.GIF], name="a.gif"), kind="photo")
    assert janitor.sweep(at=clock.now()).orphans == 0
    assert len(files(folder)) == 1


@pytest.mark.django_db
def test_the_janitor_has_nothing_to_do_before_the_first_upload(folder: Path) -> None:
    assert janitor.sweep(at=NOON) == janitor.Swept(incoming=0, orphans=0)


KILLED = """
from django.core.management import call_command
from evidence import receiving, items
import os, signal
received = receiving.receive([b"GIF89a" + bytes(40)], name="a.gif")
if {stored}:
    items.store(received=received, kind="photo")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.django_db
@pytest.mark.parametrize("stored", [False, True])
def test_a_killed_upload_is_swept_up(stored: bool, tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    program = "import django; django.setup()" + KILLED.format(stored=stored)
    subprocess.run([sys.executable, "-c", program], env=environment, check=False, timeout=60)
    place = tmp_path / "evidence"
    assert len(files(place)) == 1
    local = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    with override_settings(EVIDENCE_ROOT=place, STORAGES={"evidence": local, "default": local}):
        swept = janitor.sweep(at=clock.now() + timedelta(minutes=2), age=timedelta(minutes=1))
    assert (swept.incoming, swept.orphans) == ((0, 1) if stored else (1, 0))
    assert files(place) == []


# ---- storage that speaks S3


@pytest.fixture
def bucket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server on loopback that speaks S3, and the evidence on it."""
    port = free_port()
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_REGION", "us-east-1")):
        monkeypatch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    endpoint = f"http://127.0.0.1:{port}"
    made = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="evidence")
    remote = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": "evidence", "endpoint_url": endpoint, "file_overwrite": False,
                    "default_acl": None, "max_memory_size": 1 << 20, "region_name": "us-east-1"},
    }  # fmt: skip
    with override_settings(STORAGES={"evidence": remote, "default": remote}):
        yield made
    server.stop()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def keys(bucket: Any) -> list[str]:
    return [thing.key for thing in bucket.objects.all()]


@pytest.mark.django_db
@pytest.mark.urls("tests.evidence.urls")
def test_evidence_lives_on_s3_as_on_a_disk(house: House, folder: Path, bucket: Any) -> None:
    told = house.send(house.buyer, submit="true").json()
    assert keys(bucket) == [f"{told['file']['sha256'][:2]}/{told['file']['sha256']}"]
    assert files(folder) == []
    answer: Any = house.client(house.seller).get(f"/api/v1/evidence/{told['id']}/content/")
    assert b"".join(answer.streaming_content) == samples.JPEG
    house.hand_in(user=house.seller)
    assert len(keys(bucket)) == 1


@pytest.mark.django_db
def test_changed_or_missing_bytes_on_s3_are_not_handed_out(house: House, bucket: Any) -> None:
    item = house.hand_in()
    key = item.file.storage_key
    for harm in ("changed", "gone"):
        if harm == "changed":
            bucket.put_object(Key=key, Body=samples.JPEG[:-1] + b"x")
        else:
            bucket.Object(key).delete()
        with pytest.raises(DomainError) as refused:
            items.view(item=item, actor=Actor.of(house.buyer), at=NOON)
        assert refused.value.code == "evidence_damaged"


@pytest.mark.django_db
def test_an_s3_server_that_is_away_is_told_and_nothing_is_half_written(house: House, bucket: Any) -> None:
    item = house.hand_in()
    gone = {**settings.STORAGES["evidence"]["OPTIONS"], "endpoint_url": f"http://127.0.0.1:{free_port()}"}
    gone["client_config"] = Config(retries={"max_attempts": 0}, connect_timeout=1)
    away = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": gone}
    with override_settings(STORAGES={"evidence": away, "default": away}):
        for act in (lambda: house.hand_in(slot="other"), lambda: items.view(item=item, actor=SYSTEM, at=NOON)):
            with pytest.raises(DomainError) as refused:
                act()
            assert (refused.value.status, refused.value.code) == (503, "storage_unavailable")
    assert list(Item.objects.all()) == [item] and File.objects.count() == 1


@pytest.mark.django_db
def test_the_janitor_sweeps_s3_too(house: House, bucket: Any) -> None:
    kept = house.hand_in()
    items.store(received=receiving.receive([samples.GIF], name="a.gif"), kind="photo")
    assert janitor.sweep(at=clock.now()).orphans == 0
    assert janitor.sweep(at=clock.now() + DAY + timedelta(minutes=1)).orphans == 1
    assert keys(bucket) == [kept.file.storage_key]
    assert storage.holds(kept.file.storage_key, kept.file.size)
