"""Which other systems are connected to an agency, and what may they do?"""
