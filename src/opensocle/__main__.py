"""`python -m opensocle` is the command `socle`."""

from opensocle.cli import main

if __name__ == "__main__":
    main()
