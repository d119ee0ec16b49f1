"""Brings the front-end files that the pages load into the repository, each with its hash."""
