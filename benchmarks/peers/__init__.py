"""Other people's systems, installed into environments of their own from the package index, and run beside ours."""
