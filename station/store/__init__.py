"""The desk's durable memory: encrypted database, encrypted drafts, sealed packets, outbox."""
