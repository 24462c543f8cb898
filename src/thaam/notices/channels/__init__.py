"""Ways a message leaves the platform: one module each, one function `send`."""
