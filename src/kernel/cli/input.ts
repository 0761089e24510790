import { parseArgs } from 'node:util'
import type { z } from 'zod'
import type { Command } from './command.ts'

/** The command line was called wrongly: exit code 2. */
export class WrongCall extends Error {}

/** The command whose name begins the words; of `import` and `import sample` the longer one. */
export function findCommand(commands: readonly Command[], words: readonly string[]): Command | undefined {
  const typed = `${words.join(' ')} `
  return commands.filter(({ name }) => typed.startsWith(`${name} `)).sort((a, b) => b.name.length - a.name.length)[0]
}

export type Parameter = {
  name: string
  /** As typed: `--dry-run`, or EMAIL for one that is given without a name. */
  typed: string
  kind: 'flag' | 'value' | 'values'
  positional: boolean
  required: boolean
  text: string
}

/** What a command takes, read from its input's schema. */
export function parametersOf({ input, positionals = [] }: Command): Parameter[] {
  return Object.entries<z.ZodType>(input?.shape ?? {}).map(([name, schema]) => {
    const layers = layersOf(schema)
    const inner = layers.at(-1)?.def.type
    const positional = positionals.includes(name)
    return {
      name,
      typed: positional ? name.toUpperCase() : `--${name.replaceAll('_', '-')}`,
      kind: inner === 'boolean' ? 'flag' : inner === 'array' ? 'values' : 'value',
      positional,
      required: !schema.safeParse(undefined).success,
      text: layers.find(({ description }) => description)?.description ?? '',
    }
  })
}

/**
 * Reads and checks what follows a command's name.
 * @throws WrongCall naming everything that is missing, unknown or not what it must be.
 */
export function readInput(command: Command, words: string[]): Record<string, unknown> {
  const parameters = parametersOf(command)
  const given: Record<string, unknown> = {}
  for (const [typed, value] of Object.entries(parse(parameters, words, given, command))) {
    const parameter = parameters.find((candidate) => candidate.typed === `--${typed}`)
    if (parameter) given[parameter.name] = value
  }
  if (!command.input) return given
  const result = command.input.safeParse(given)
  if (result.success) return result.data
  const complaints = result.error.issues.map(({ path, message }) => {
    const parameter = parameters.find(({ name }) => name === path[0])
    if (!parameter) return message
    return given[parameter.name] === undefined ? `${parameter.typed} is missing` : `${parameter.typed}: ${message}`
  })
  throw new WrongCall(`${complaints.join('; ')}. See: ${command.name} --help`)
}

function parse(parameters: Parameter[], words: string[], given: Record<string, unknown>, command: Command) {
  const options = Object.fromEntries(
    parameters
      .filter(({ positional }) => !positional)
      .map(({ typed, kind }) => [
        typed.slice(2),
        { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: kind === 'values' },
      ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: words, options, allowPositionals: true })
    const names = command.positionals ?? []
    if (positionals.length > names.length) throw new Error(`"${positionals[names.length]}" is one word too many`)
    for (const [index, value] of positionals.entries()) given[names[index] as string] = value
    return values
  } catch (error) {
    throw new WrongCall(`${(error as Error).message.replace(/\.$/, '')}. See: ${command.name} --help`)
  }
}

type Layer = z.ZodType & { def: { type: string; innerType?: z.ZodType; in?: z.ZodType } }

/** A schema and what it wraps: a default, an optional, the entry of a transformation. */
function layersOf(schema: z.ZodType): Layer[] {
  const layer = schema as Layer
  const inner = layer.def.innerType ?? layer.def.in
  return inner ? [layer, ...layersOf(inner)] : [layer]
}
