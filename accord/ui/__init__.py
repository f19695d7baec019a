"""The frame, components, and documents that every room uses. Nothing here depends on a particular room."""
