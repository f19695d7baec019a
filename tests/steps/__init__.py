"""Steps that tests in several folders repeat. A test module imports from here, never from another test module."""
