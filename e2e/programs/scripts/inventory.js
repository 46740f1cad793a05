// Turns a list of movements into stocks: by QuickJS, hence `std` and `scriptArgs`.
const [, source, target] = scriptArgs;

const movements = JSON.parse(std.loadFile(source), (key, value) =>
  key === "at" ? new Date(value) : value,
);
const byArticle = Map.groupBy(movements, ({ article }) => article);

const stocks = [...byArticle]
  .map(([article, moves]) => ({
    article,
    stock: moves.reduce((stock, { amount }) => stock + amount, 0),
    value: String(
      moves.reduce((value, { amount, cents }) => value + BigInt(amount) * BigInt(cents), 0n),
    ),
    last: new Date(Math.max(...moves.map(({ at }) => at))).toISOString(),
    label: article.replace(/(?<=-)\p{L}/gu, (letter) => letter.toUpperCase()),
  }))
  .toSorted((a, b) => b.stock - a.stock);

std.writeFile(target, JSON.stringify({ stocks }, null, 2));
std.writeFile(`${target}.count`, `${stocks.length}\n`);

// A step on the job queue: the script goes on after it.
const written = JSON.parse(await Promise.resolve(std.loadFile(target)));
print(`${written.stocks.length} articles, ${movements.length} movements`);
print(...written.stocks.map(({ label, stock }) => `${label}=${stock}`));
std.exit(written.stocks.some(({ stock }) => stock < 0) ? 5 : 0);
