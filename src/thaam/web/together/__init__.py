"""Pages of the work police, banks and trade bodies share."""
