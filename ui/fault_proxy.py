"""``rekam faults``: the fault proxy as a process, between any client and any device or emulator."""

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from drivers.faults.relay import Relay
    from drivers.faults.wire import Wire

Protocol = Annotated[str, typer.Argument(help="Protokol: zfm sfm rlp topaz hid-frames http.")]
Tcp = Annotated[
    str, typer.Option("--tcp", help="DEPAN:BELAKANG, dua port loopback (depan 0 = bebas).")
]
Pty = Annotated[str, typer.Option("--pty", help="DEPAN=BELAKANG, tautan baru dan port alat.")]
Fault = Annotated[
    list[str] | None, typer.Option("--fault", help='"flip@3", "unplug@b120", "stall@t2.5".')
]


def faults(protocol: Protocol, tcp: Tcp = "", pty: Pty = "", fault: Fault = None) -> None:
    """Ganggu kabel antara program dan alat menurut rencana; berakhir dengan SIGTERM atau Ctrl+C."""
    from drivers.faults.grammars import named
    from drivers.faults.plan import Side, parse
    from drivers.faults.wire import Wire

    try:
        planned = [parse(text) for text in fault or ()]
        wire = Wire(named.grammar(protocol))
        relay = _relay(wire, tcp, pty)
    except ValueError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from wrong
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        relay.start()
    except TimeoutError as late:
        relay.stop()
        typer.echo(f"{tcp or pty}: front in use, or no device behind", err=True)
        raise typer.Exit(2) from late
    try:
        wire.arm(*planned)
        typer.echo(json.dumps({"url": relay.url, "faults": [str(each) for each in planned]}))
        ended.wait()
        passed = {str(side): wire.packets(side) for side in Side}
        typer.echo(json.dumps({"packets": passed, "faults": wire.fired}))
    finally:
        relay.stop()


def _relay(wire: "Wire", tcp: str, pty: str) -> "Relay":
    if tcp and not pty:
        from drivers.faults.tcp_relay import TcpRelay

        front, _, back = tcp.partition(":")
        if not (_is_port(front) and _is_port(back) and int(back)):
            raise ValueError(f"--tcp {tcp}: FRONT:BACK, two port numbers, FRONT 0 for a free one")
        return TcpRelay(wire, int(back), int(front))
    if pty and not tcp:
        from drivers.faults.pty_relay import PtyRelay

        front, _, back = pty.partition("=")
        if not front or not Path(back).exists():
            raise ValueError(f"--pty {pty}: FRONT=BACK, a new link and a port that is there")
        return PtyRelay(wire, Path(back), Path(front))
    raise ValueError("one of --tcp and --pty is needed")


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) < 65536
