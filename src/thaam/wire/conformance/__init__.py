"""The conformance kit: a small platform that plays its part against a bank's implementation and judges every answer."""
