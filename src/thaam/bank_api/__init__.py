"""The signed HTTP door for banks."""
