"""Giving held money back to victims: application, verification, proposal, approval by a second officer, payment."""
