"""One module per group of commands; `pushline.cli` mounts them."""
