"""Requests to banks for footage, statements and particulars, and what came."""
