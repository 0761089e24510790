import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import type { ModuleManifest } from '../module.ts'

/** Where a command's answer goes. */
export type Out = {
  /** Whether `--json` was asked for. */
  json: boolean
  /** A line for people; nothing with `--json`. */
  print(line?: string): void
  /** The answer for machines, once per command; printed only with `--json`. */
  result(value: unknown): void
  /** How far a long command is; to the error stream, so that it never mixes with the answer. */
  progress(line: string): void
}

type Shape<Input extends z.ZodObject> = {
  /** The words it is called by: `users create`. */
  name: string
  summary: string
  /**
   * Every argument and option by name. A boolean is a flag, an array may be repeated, everything else takes a value;
   * `.describe()` gives the line of `--help`. `dry_run` is typed `--dry-run`.
   */
  input?: Input
  /** Those of `input` that are given without a name, in order. */
  positionals?: readonly (keyof z.infer<Input> & string)[]
}

type Answer = Promise<number | void>

type OnDatabase<Input extends z.ZodObject> = Shape<Input> & {
  /** `database`: `ctx.db` is the owner's pool. `transaction`: one transaction, undone by a throw or an exit code. */
  needs: 'database' | 'transaction'
  run(ctx: Ctx, input: z.infer<Input>, out: Out): Answer
}

type Alone<Input extends z.ZodObject> = Shape<Input> & {
  needs: 'nothing'
  run(parts: readonly ModuleManifest[], input: z.infer<Input>, out: Out): Answer
}

/**
 * Something an operator can ask for: `npm run --silent hamsafar -- NAME …`. Exit code 0: done; 1 (or what `run` returns):
 * not done, a thrown problem says why; 2: called wrongly.
 */
export type Command = OnDatabase<z.ZodObject> | Alone<z.ZodObject>

/** Gives a command the types of its own input. */
export const defineCommand = <Input extends z.ZodObject>(command: OnDatabase<Input> | Alone<Input>): Command => command
