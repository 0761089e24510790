import { withActor } from '../access/transaction.ts'
import { CannotStart } from '../cannot-start.ts'
import type { Ctx } from '../context.ts'
import type { ModuleManifest } from '../module.ts'
import { Problem } from '../problem.ts'
import type { Command, Out } from './command.ts'
import { withDatabase } from './database.ts'
import { commandHelp, overview } from './help.ts'
import { findCommand, readInput, WrongCall } from './input.ts'

type Environment = Record<string, string | undefined>

/** Something the operator is told in a sentence, without a stack. */
class NotDone extends Error {}

/**
 * Runs the command that the words name and returns the exit code: 0 done, 1 not done, 2 called wrongly. Answers go to
 * standard output, complaints to standard error.
 */
export async function runCommandLine(
  parts: readonly ModuleManifest[],
  words: string[],
  env: Environment,
): Promise<number> {
  const json = words.includes('--json')
  try {
    return await perform(parts, words, env, outTo(json))
  } catch (error) {
    const expected = error instanceof WrongCall || error instanceof NotDone || error instanceof CannotStart
    if (!expected) console.error(error)
    else console.error(json ? JSON.stringify({ error: error.message }) : error.message)
    return error instanceof WrongCall ? 2 : 1
  }
}

async function perform(parts: readonly ModuleManifest[], all: string[], env: Environment, out: Out): Promise<number> {
  const help = all.some((word) => word === '--help' || word === '-h')
  const words = all.filter((word) => !['--json', '--help', '-h'].includes(word))
  const commands = parts.flatMap((part) => part.commands ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))
  const command = findCommand(commands, words)
  if (!command) {
    const group = words.join(' ')
    const found = commands.filter(({ name }) => `${name} `.startsWith(group && `${group} `))
    if (found.length === 0) throw new WrongCall(`There is no command "${group}": --help lists all.`)
    console.log(overview(found))
    return help ? 0 : 2
  }
  if (help) {
    console.log(commandHelp(command))
    return 0
  }
  const input = readInput(command, words.slice(command.name.split(' ').length))
  if (command.needs === 'nothing') return (await command.run(parts, input, out)) ?? 0
  return withDatabase(parts, env, `command ${command.name}`, (ctx) => runOnDatabase(command, ctx, input, out))
}

type OnDatabase = Exclude<Command, { needs: 'nothing' }>

async function runOnDatabase(command: OnDatabase, ctx: Ctx, input: Record<string, unknown>, out: Out): Promise<number> {
  let code = 0
  const run = async (context: Ctx) => {
    code = (await command.run(context, input, out)) ?? 0
  }
  try {
    if (command.needs === 'database') await run(ctx)
    else
      await withActor(ctx.db, ctx.actor, async (db) => {
        await run({ ...ctx, db })
        if (code !== 0) throw new NotDone() // rolls back
      })
  } catch (error) {
    if (error instanceof Problem) throw new NotDone(sentenceOf(error, ctx))
    if (code === 0) throw error
  }
  return code
}

function sentenceOf({ kind, details }: Problem, ctx: Ctx): string {
  const text = details.detail ? ctx.t(details.detail, details.values) : ctx.t(`http.problem.${kind}.text`)
  const errors = Object.entries(details.errors ?? {}).map(([field, message]) => `${field}: ${message}`)
  return [text, ...errors].join('\n')
}

const outTo = (json: boolean): Out => ({
  json,
  print: (line = '') => {
    if (!json) console.log(line)
  },
  result: (value) => {
    if (json) console.log(JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? String(part) : part)))
  },
  progress: (line) => console.error(line),
})
