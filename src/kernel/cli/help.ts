import type { Command } from './command.ts'
import { type Parameter, parametersOf } from './input.ts'

const CALL = 'npm run --silent hamsafar --'

/** The list of commands, as `--help` shows it. */
export function overview(commands: readonly Command[]): string {
  return [
    `Usage: ${CALL} COMMAND [OPTIONS]`,
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    '--json      the answer as one JSON value, for machines',
    '--help      this list; after a command: what it takes',
    '',
    'Exit code 0: done; 1: not done; 2: called wrongly.',
  ].join('\n')
}

/** What one command does and takes. */
export function commandHelp(command: Command): string {
  const parameters = parametersOf(command)
  const positional = parameters.filter((parameter) => parameter.positional).map(usage)
  const named = parameters.filter((parameter) => !parameter.positional)
  const options = named.some(({ required }) => !required) ? ['[OPTIONS]'] : []
  const words = [command.name, ...positional, ...named.filter(({ required }) => required).map(usage), ...options]
  const lines = columns(parameters.map((parameter) => [spelled(parameter), parameter.text]))
  return [
    `Usage: ${CALL} ${words.join(' ')}`,
    '',
    `${command.summary}.`,
    ...(lines.length > 0 ? ['', ...lines] : []),
  ].join('\n')
}

const usage = (parameter: Parameter) => (parameter.required ? spelled(parameter) : `[${spelled(parameter)}]`)

const spelled = ({ typed, kind, name, positional }: Parameter) =>
  kind === 'flag' || positional ? typed : `${typed} ${name.toUpperCase()}`

/** Two columns, the first as wide as its longest entry. */
function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`.trimEnd())
}
