"""Documents in, examples out: harvest sentences about tables and ask questions for them."""
