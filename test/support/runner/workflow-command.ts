/** A workflow command as the runner would obey it. */
export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

// The runner's two grammars (actions/runner, ActionCommand.cs): `::name key=value::message` at the start of a line after
// white space, and the old `##[name key=value]message` anywhere in a line.
const NEW = /^\s*::([A-Za-z-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/;
const OLD = /##\[([A-Za-z-]+)(?: ([^\]]*))?\](.*)$/;

/** Every command in a process's standard output; a `stop-commands` block is honoured. */
export function parseWorkflowCommands(stdout: string): readonly WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      continue;
    }
    const command = parseLine(line);
    if (command === undefined) continue;
    commands.push(command);
    if (command.command === "stop-commands") stopped = command.message;
  }
  return commands;
}

function parseLine(line: string): WorkflowCommand | undefined {
  const match = NEW.exec(line) ?? OLD.exec(line);
  if (match === null) return undefined;
  const [, command = "", properties = "", message = ""] = match;
  return { command: command.toLowerCase(), properties: parseProperties(properties), message: unescapeText(message) };
}

function parseProperties(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(/[,;]/).filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")).trim(), unescapeText(pair.slice(pair.indexOf("=") + 1))]),
  );
}

function unescapeText(text: string): string {
  return text
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%25", "%");
}
