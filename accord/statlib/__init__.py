"""The numbers library: estimate, link, and protect. It uses numpy and scipy, but no Django, clock, or network."""
