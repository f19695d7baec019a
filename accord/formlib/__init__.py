"""The form library reads XLSForms, evaluates their expressions, and works through a form's answers.

It uses no Django, database, clock, or network, and it holds no information about people.
"""
