"""The engine: grow the trail of the money, find its open ends, ask for holds, repeat. Start reading at advance.py."""
