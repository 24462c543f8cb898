"""Pages everybody may read: press notes, open data, current tricks, the appeal."""
