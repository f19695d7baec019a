"""The frame, the components and the documents that every room draws with. Knows nothing of any of them."""
