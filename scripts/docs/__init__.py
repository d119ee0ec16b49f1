"""The pages of docs/ that are written from the code, and what keeps the others true."""
