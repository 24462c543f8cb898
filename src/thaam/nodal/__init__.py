"""How a bank without a system is reached: a link for one order, a call that is written down, a ping with a count."""
