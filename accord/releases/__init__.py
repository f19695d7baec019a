"""How a share begins and ends: release, order, mandate, withdrawal, suspension."""
