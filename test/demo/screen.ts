const isTerminal = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function title(text: string): void {
  say(`\n${isTerminal ? `\u001B[1m${text}\u001B[0m` : `== ${text} ==`}\n`);
}

/** A text as it was posted, apart from what is around it. */
export function show(what: string, text: string | undefined): void {
  const edge = "─".repeat(20);
  say(`\n┌${edge} ${what}`);
  for (const line of (text ?? "(nothing)").split("\n")) say(`│ ${line}`);
  say(`└${edge}\n`);
}
