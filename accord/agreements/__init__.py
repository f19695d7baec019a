"""What agencies have agreed to share, and whose keys they have checked."""
