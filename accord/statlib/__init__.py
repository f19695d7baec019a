"""The numbers library: estimate, link, protect. Pure: no Django, no clock, no network; numpy and scipy."""
