"""Tests of the form library: expressions, workbooks, and following answers through a form."""
