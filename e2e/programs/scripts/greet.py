"""Asks for names until there are no more."""

import sys

count = 0
while True:
    try:
        name = input("name? ")
    except EOFError:
        break
    count += 1
    print(f"hello {name}")
print(f"bye to {count}", file=sys.stderr)
