"""Drivers in a helper process: one that hangs in C or crashes does not take the desk down."""

from drivers.isolation.isolated import IsolatedDriver, isolated

__all__ = ["IsolatedDriver", "isolated"]
