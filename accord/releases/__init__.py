"""How shares begin, pause and end: releases, right and need to know, orders, duties to report, revocation, disclosure
history."""
