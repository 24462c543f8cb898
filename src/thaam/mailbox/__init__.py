"""One mailbox per partner: orders with their current revision and state, answers kept once."""
