"""The ASGI process of live hints."""
