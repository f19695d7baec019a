"""The form library: reads XLSForms, evaluates their expressions, and follows answers through a form.

It uses no Django, database, clock, or network, and it knows no person.
"""
