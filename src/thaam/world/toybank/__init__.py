"""A small real core bank: accounts, postings, liens that block debits, transfers between banks. Not a mock.

One process hosts several banks, each in its own SQLite file; `bank.Bank` is one of them, `host.Host` all of them.
"""
