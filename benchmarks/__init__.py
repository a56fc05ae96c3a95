"""One script per figure: `make bench NAME=sweep`. Each prints JSON lines and runs its floor or peer beside ours."""
