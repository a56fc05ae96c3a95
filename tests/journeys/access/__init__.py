"""Who may do what: tables written by hand from the permissions in the domain model, and the people and cases to try."""
