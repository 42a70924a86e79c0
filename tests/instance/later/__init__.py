"""Later versions of the product, each with a migration more: one that adds, one that fails, one that moves figures."""
