"""The screens of a case: lists, the case page, filing, acting. The same procedures and rules as the API."""
