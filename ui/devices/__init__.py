"""Devices that need Qt itself, behind the same Qt-free ports."""
