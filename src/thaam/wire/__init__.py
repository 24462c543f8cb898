"""The bank protocol: messages, strict codec, signatures, problems. Pure but for client.py, which opens sockets."""
