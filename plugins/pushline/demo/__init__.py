"""Everything that `make demo` adds: a company with people, and what it sends."""
