"""Small durable shelves for other rooms: values under keys, and rolls that only grow."""

from station.store.database import Database


class Shelf:
    """Bytes under keys; each change is durable when it returns."""

    def __init__(self, name: str, database: Database) -> None:
        self.name = name
        self._database = database

    def get(self, key: str) -> bytes | None:
        """Return the value, or None."""
        row = self._database.row("SELECT body FROM shelf WHERE shelf=? AND key=?", (self.name, key))
        return None if row is None else row[0]

    def put(self, key: str, body: bytes) -> None:
        """Write or replace a value."""
        self._database.execute(
            "INSERT OR REPLACE INTO shelf VALUES (?,?,?)", (self.name, key, body)
        )

    def remove(self, key: str) -> None:
        """Forget a value; nothing happens when there is none."""
        self._database.execute("DELETE FROM shelf WHERE shelf=? AND key=?", (self.name, key))

    def keys(self) -> tuple[str, ...]:
        """Return all keys, sorted."""
        rows = self._database.rows("SELECT key FROM shelf WHERE shelf=? ORDER BY key", (self.name,))
        return tuple(row[0] for row in rows)

    def items(self) -> tuple[tuple[str, bytes], ...]:
        """Return all keys with their values, sorted by key."""
        rows = self._database.rows(
            "SELECT key, body FROM shelf WHERE shelf=? ORDER BY key", (self.name,)
        )
        return tuple((row[0], row[1]) for row in rows)


class Roll:
    """Entries that are added and never changed, numbered from 1 without gaps."""

    def __init__(self, name: str, database: Database) -> None:
        self.name = name
        self._database = database

    def __len__(self) -> int:
        return int(self.last()[0])

    def last(self) -> tuple[int, bytes]:
        """Return number and body of the last entry; (0, b'') when empty."""
        row = self._database.row(
            "SELECT n, body FROM roll WHERE roll=? ORDER BY n DESC LIMIT 1", (self.name,)
        )
        return (row[0], row[1]) if row else (0, b"")

    def append(self, body: bytes) -> int:
        """Add an entry durably and return its number."""
        with self._database.transaction():
            n = self.last()[0] + 1
            self._database.execute("INSERT INTO roll VALUES (?,?,?)", (self.name, n, body))
        return n

    def entries(self, after: int = 0) -> tuple[bytes, ...]:
        """Return the entries with a number above ``after``, in order."""
        rows = self._database.rows(
            "SELECT body FROM roll WHERE roll=? AND n>? ORDER BY n", (self.name, after)
        )
        return tuple(row[0] for row in rows)
