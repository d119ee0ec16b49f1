"""The pictures of README and docs/, taken of a running demo."""
