"""A bare DRF view that inserts four rows in one transaction: what filing a complaint costs at the very least."""
