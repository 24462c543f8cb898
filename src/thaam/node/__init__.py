"""The program that runs inside a bank: pulls orders, traces its own ledger, holds, answers. No Django."""
