"""What the product is compared with: pinned, written as their documentation recommends."""
