"""The frame, components and documents that every room uses. It knows nothing about the rooms."""
