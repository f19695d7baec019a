"""Drafts: the forms that an author saved before finishing them."""
