import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { defineCommand, type Out } from '../cli/command.ts'
import type { Ctx } from '../context.ts'
import { FileProblem, LIMITS } from './files/table.ts'
import { importFile } from './import-file.ts'
import { type Import, kindOf } from './imports.ts'
import type { Note } from './kind.ts'
import { kindsFor } from './kinds.ts'
import { noteText } from './notes.ts'
import { nextRows } from './rows.ts'

const SHOWN_ERRORS = 20

/** The same steps as on the pages, in one go. What is wrong goes to the error stream, the counts to the answer. */
export const importCommand = defineCommand({
  name: 'import',
  summary: 'Import a file: CSV, XLSX, JSON or JSON Lines; exit code 1 when rows were left out',
  input: z.object({
    kind: z.string().describe('What is in it, such as vacancies or rates'),
    file: z.string().describe('Path of the file'),
    dry_run: z.boolean().default(false).describe('Check everything, change nothing'),
    sheet: z.string().max(200).optional().describe('Which sheet of a workbook, where several have rows'),
    source: z.string().max(200).optional().describe('Where the file comes from, kept beside the records'),
  }),
  positionals: ['kind', 'file'],
  needs: 'database',
  async run(ctx, { kind: name, file, dry_run, sheet, source }, out) {
    const kinds = kindsFor(ctx)
    const kind = kinds.find((candidate) => candidate.kind === name)
    if (!kind)
      return refuse(out, `There is no import of “${name}”. There is: ${kinds.map((known) => known.kind).join(', ')}.`)
    try {
      const bytes = await readBytes(file)
      const errors: string[] = []
      const found = await importFile(
        ctx,
        kind,
        { name: basename(file), bytes },
        {
          source,
          sheet,
          dryRun: dry_run,
          report: ({ done, total, message }) => {
            if (message) out.progress(ctx.t(message.key))
            if (done) out.progress(total ? `${done} / ${total}` : String(done))
          },
          // A dry run leaves no rows behind to look at afterwards.
          inspect: async (inside, checked) => void errors.push(...(await errorLines(inside, checked))),
        },
      )
      for (const line of errors) out.progress(line)
      answer(out, found, dry_run)
      return found.errors > 0 ? 1 : 0
    } catch (error) {
      const note = problemOf(error)
      if (!note) throw error
      return refuse(out, noteText(ctx, note))
    }
  },
})

async function readBytes(file: string): Promise<Uint8Array> {
  const { size } = await stat(file)
  if (size > LIMITS.bytes) throw new FileProblem('too_large', { megabytes: LIMITS.bytes / 2 ** 20 })
  return new Uint8Array(await readFile(file))
}

function problemOf(error: unknown): Note | undefined {
  if (error instanceof FileProblem) return error.note
  const { code, path } = error as NodeJS.ErrnoException
  if (path !== undefined && ['ENOENT', 'EACCES', 'EISDIR', 'EPERM'].includes(code ?? ''))
    return { key: 'imports.problem.no_file', values: { file: path } }
}

function refuse(out: Out, sentence: string): number {
  out.progress(sentence)
  out.result({ ok: false, problem: sentence })
  return 1
}

async function errorLines(ctx: Ctx, found: Import): Promise<string[]> {
  const labels = new Map(kindOf(ctx, found).fields.map(({ name, label }) => [name, ctx.t(label)]))
  const rows = await nextRows(ctx, found.id, -1, SHOWN_ERRORS, ['error'])
  const lines = rows.map(({ number, notes }) => {
    const texts = Object.entries(notes).filter(([, note]) => note.kind === 'error')
    return `${number}: ${texts.map(([field, note]) => [labels.get(field), noteText(ctx, note)].filter(Boolean).join(': ')).join('; ')}`
  })
  return found.errors > rows.length ? [...lines, `… ${found.errors - rows.length} more`] : lines
}

function answer(out: Out, found: Import, dry_run: boolean): void {
  const { id, state, rows, created, updated, same, errors } = found
  out.print(
    `${rows} rows: ${created} new, ${updated} changed, ${same} here already, ${errors} with errors.${dry_run ? ' Nothing was changed: a dry run.' : ''}`,
  )
  out.result({ ok: errors === 0, dry_run, id: dry_run ? null : id, state, rows, created, updated, same, errors })
}
