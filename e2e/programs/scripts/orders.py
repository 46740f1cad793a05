"""Adds up orders: reads CSV and JSON, walks and hashes what it was given, writes a report."""

import csv
import hashlib
import json
import os
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

source, target = Path(sys.argv[1]), Path(sys.argv[2])

rates = {
    currency: Decimal(rate)
    for currency, rate in json.loads((source / "rates.json").read_text()).items()
}
totals: dict[str, Decimal] = defaultdict(Decimal)
orders = 0
for path in sorted(source.glob("orders/*.csv")):
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            orders += 1
            totals[row["customer"]] += Decimal(row["amount"]) * rates[row["currency"]]

hashes = {}
for directory, names, files in os.walk(source):
    names.sort()
    for name in sorted(files):
        path = os.path.join(directory, name)
        with open(path, "rb") as file:
            hashes[os.path.relpath(path, source)] = hashlib.file_digest(file, "sha256").hexdigest()

target.mkdir(parents=True)
with (target / "totals.csv").open("w", newline="", encoding="utf-8") as file:
    writer = csv.writer(file)
    writer.writerow(["customer", "total"])
    for customer, total in sorted(totals.items(), key=lambda item: -item[1]):
        writer.writerow([customer, f"{total:.2f}"])
draft = target / "draft.json"
draft.write_text(json.dumps({"orders": orders, "sha256": hashes}, indent=2))
draft.rename(target / "report.json")

print(f"{orders} orders of {len(totals)} customers")
print(f"{os.environ['GREETING']}, {max(totals, key=totals.__getitem__)}")
sys.exit(3)
