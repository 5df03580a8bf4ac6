import base64
import hashlib
import random
import threading

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from drivers.emulation.centre.faults import Fault, Faults
from drivers.emulation.centre.uploads import Uploads
from station.clock import CancelToken
from station.delivery.line import Line, LineTimeouts
from station.delivery.uploader import ChunkSize, TusUploader, UploadJob
from station.errors import CentreRefused, LineError, OperatorCancelled, StoreError
from tests.station.delivery.fault_proxy import FaultProxy, LineFaults

QUICK = LineTimeouts(connect=1, read=0.4, write=0.4, pool=1)


class Receiver:
    """The centre's upload door alone, on a real port; may be killed and started again."""

    def __init__(self, folder, port=0):
        self.faults = Faults()
        self.arrivals = []
        self.conflict = False
        self._uploads = Uploads(folder, self.faults, lambda *_: self.conflict, self._finished)
        routes = [
            Route("/files", self._uploads.create, methods=["POST"]),
            Route("/files/{name}", self._uploads.head, methods=["HEAD"], name="upload"),
            Route("/files/{name}", self._uploads.patch, methods=["PATCH"]),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=port, log_config=None, log_level="critical",
            lifespan="off", ws="none", timeout_graceful_shutdown=0,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()

    async def _finished(self, upload):
        self.arrivals.append((upload.packet_id, upload.file.read_bytes()))
        return ""

    def stop(self):
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()
        self._socket.close()


@pytest.fixture
def receiver(tmp_path):
    receiver = Receiver(tmp_path / "uploads")
    yield receiver
    receiver.stop()


def a_job(tmp_path, size=700_000, name="p1"):
    data = random.Random(name).randbytes(size)
    path = tmp_path / f"{name}.ktp"
    path.write_bytes(data)
    return UploadJob(name, hashlib.sha256(data).hexdigest(), size, path), data


def send(url, job, *, cancel=None, chunk=None, tries=1):
    places = []
    with Line(url, QUICK) as line:
        uploader = TusUploader(line, chunk=chunk)
        for left in range(tries, 0, -1):
            try:
                uploader.upload(job, places.append, cancel or CancelToken())
                break
            except LineError:
                if left == 1:
                    raise
                if places:
                    job = UploadJob(job.packet_id, job.sha256, job.size, job.path, places[-1].path)
    return places


def test_a_packet_arrives_byte_for_byte(receiver, tmp_path):
    job, data = a_job(tmp_path)
    places = send(receiver.url, job)
    assert receiver.arrivals[0] == ("p1", data)
    assert places[0].offset == 0
    assert places[-1].offset == job.size


def test_only_the_path_of_location_is_used(receiver, tmp_path):
    proxy = FaultProxy(receiver.port, LineFaults())
    job, data = a_job(tmp_path)
    places = send(proxy.url, job)
    proxy.close()
    assert places[0].path.startswith("/files/")
    assert receiver.arrivals[0][1] == data


def test_after_a_cut_the_upload_goes_on_at_the_receivers_offset(receiver, tmp_path):
    receiver.faults.arm(Fault.CUT, 150_000)
    job, data = a_job(tmp_path)
    places = send(receiver.url, job)
    assert receiver.arrivals[0][1] == data
    # What the receiver had when the line was cut depends on the machine; the way never goes back.
    offsets = [place.offset for place in places]
    assert offsets == sorted(offsets)
    assert offsets[-1] == job.size


def test_a_silent_stall_ends_by_timeout_and_the_upload_goes_on(receiver, tmp_path):
    receiver.faults.arm(Fault.STALL, 150_000)
    job, data = a_job(tmp_path)
    send(receiver.url, job)
    assert receiver.arrivals[0][1] == data


def test_a_bad_line_delivers_every_packet_once_with_the_right_bytes(receiver, tmp_path):
    proxy = FaultProxy(receiver.port, LineFaults(cut_after=400_000, stall_share=0.1), seed=3)
    packets = [a_job(tmp_path, 600_000, f"p{n}") for n in range(5)]
    for job, _ in packets:
        send(proxy.url, job, tries=20)
    proxy.close()
    assert proxy.cuts > 0
    assert dict(receiver.arrivals) == {job.packet_id: data for job, data in packets}


def test_a_restarted_receiver_still_knows_its_uploads(tmp_path):
    first = Receiver(tmp_path / "uploads")
    first.faults.arm(Fault.CUT, 200_000)
    job, data = a_job(tmp_path)
    cancel = CancelToken()
    places = []

    def moved(place):
        places.append(place)
        if place.offset:
            cancel.cancel()

    with Line(first.url, QUICK) as line, pytest.raises(OperatorCancelled):
        TusUploader(line).upload(job, moved, cancel)
    first.stop()
    second = Receiver(tmp_path / "uploads")
    again = UploadJob(job.packet_id, job.sha256, job.size, job.path, places[-1].path)
    continued = send(second.url, again)
    second.stop()
    assert continued[0].offset == places[-1].offset > 0
    assert second.arrivals[0][1] == data


def test_a_forgotten_upload_is_created_again(receiver, tmp_path):
    job, data = a_job(tmp_path)
    lost = UploadJob(job.packet_id, job.sha256, job.size, job.path, "/files/" + "0" * 32)
    send(receiver.url, lost)
    assert receiver.arrivals[0][1] == data


def test_a_dead_line_is_a_line_error_and_a_refusal_is_not(receiver, tmp_path):
    job, _ = a_job(tmp_path)
    receiver.conflict = True
    with pytest.raises(CentreRefused) as refused:
        send(receiver.url, job)
    assert refused.value.facts == {"status": 409, "reason": "HASH_CONFLICT"}
    with pytest.raises(LineError):
        send("http://127.0.0.1:9", job)


def test_a_packet_file_of_another_size_is_never_sent(receiver, tmp_path):
    job, _ = a_job(tmp_path)
    job.path.write_bytes(b"short")
    with pytest.raises(StoreError):
        send(receiver.url, job)
    assert not receiver.arrivals


def test_a_cancelled_upload_stops_within_a_piece(receiver, tmp_path):
    job, _ = a_job(tmp_path)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(OperatorCancelled):
        send(receiver.url, job, cancel=cancel)


def test_chunks_double_after_success_and_fall_to_the_floor_when_nothing_moves():
    chunk = ChunkSize()
    for _ in range(9):
        chunk.arrived()
    assert chunk.size == 4 * 1024 * 1024
    chunk.cut(progress=True)
    assert chunk.size == 2 * 1024 * 1024
    chunk.cut(progress=False)
    chunk.cut(progress=False)
    assert chunk.size == 64 * 1024


def test_the_upload_needs_metadata_it_can_read(receiver):
    with Line(receiver.url, QUICK) as line, pytest.raises(CentreRefused) as refused:
        line.call("POST", "/files", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "5",
            "Upload-Metadata": "packet_id " + base64.b64encode(b"../x").decode()})  # fmt: skip
    assert refused.value.facts["status"] == 400
