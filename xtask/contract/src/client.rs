//! What Progenitor makes of a document, as far as callers can see it.
