"""Where serial devices may be: configured places that exist now, and USB bridges the machine lists."""

from collections.abc import Collection, Iterator
from pathlib import Path

from serial.tools import list_ports

from drivers.contract import Hints, Reference

UsbId = tuple[int, int]  # vendor, product


def serial_references(
    driver: str, hints: Hints, usb_ids: Collection[UsbId] = ()
) -> Iterator[Reference]:
    """Yield the references of a serial driver; nothing is opened.

    A configured URL (``socket://``, ``rfc2217://``) is believed; a configured path counts while it exists. A
    pty never stands in the machine's list, so it must be configured. Of the list only bridges of the given
    USB ids count: another vendor's port is not ours to touch.
    """
    for address in hints.addresses:
        if "://" in address or Path(address).exists():
            yield Reference(driver, address, hints.model)
    for port in list_ports.comports():
        if (port.vid, port.pid) in usb_ids and port.device not in hints.addresses:
            yield Reference(
                driver, port.device, hints.model, port.serial_number or "", port.description or ""
            )
