"""Landing: from a published document to raw tables, right or refused."""
