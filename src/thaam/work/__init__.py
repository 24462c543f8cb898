"""The one durable work table: outbox and timers with lease and fence."""
