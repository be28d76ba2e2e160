/** Reads what an action wrote to GITHUB_OUTPUT or GITHUB_STATE: `name=value` lines and `name<<delimiter` blocks, as the runner does. */
export function parseFileCommands(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block === null) {
      const equals = line.indexOf("=");
      if (equals > 0) values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const [, name = "", delimiter = ""] = block;
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`the block of ${name} never ends`);
    values[name] = lines.slice(index + 1, end).join("\n");
    index = end;
  }
  return values;
}
