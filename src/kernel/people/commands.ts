import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { defineCommand } from '../cli/command.ts'
import { withDatabase } from '../cli/database.ts'
import { errandOf, recordLinking } from './errand.ts'
import { compareNames } from './matching/compare-names.ts'
import { explainedRows } from './matching/explain.ts'
import { linkRecords } from './matching/link.ts'
import { type Columns, type List, ListProblem, readColumns, readList } from './matching/list.ts'
import { rollOf } from './matching/roll.ts'

/** Two names, in any script and order. */
export const compareCommand = defineCommand({
  name: 'people compare',
  summary: 'Say how likely two names are one name, and why',
  input: z.object({
    left: z.string().min(1).max(500).describe('A name, in any script and order'),
    right: z.string().min(1).max(500).describe('Another'),
  }),
  positionals: ['left', 'right'],
  needs: 'nothing',
  async run(_parts, { left, right }, out) {
    const { score, steps } = compareNames(left, right)
    out.print(score.toFixed(4))
    for (const step of steps)
      out.print(`${step.left ?? '–'} · ${step.right ?? '–'}: ${step.level} ${step.weight.toFixed(1)}`)
    out.result({ score, explanation: steps })
  },
})

const COLUMNS =
  'Which column is what: id=…,family=…,given=…,patronymic=…,name=…,birth=…,document=…,sex=…,citizenship=…,district=…,extra=…'

/** Lists of people, without a database; in production a person answers for it and the audit keeps that. */
export const linkCommand = defineCommand({
  name: 'people link',
  summary: 'Find the records of one list, or of two, that are one person',
  input: z.object({
    input: z
      .array(z.string())
      .min(1)
      .max(2)
      .describe('CSV file; given twice, people of the first are looked for in the second'),
    columns: z
      .array(z.string())
      .max(2)
      .default([])
      .describe(`${COLUMNS} (recognised by their headings; given twice, one for each file)`),
    output: z.string().describe('CSV file to write: left_id,right_id,probability,explanation'),
    custodian: z
      .email()
      .optional()
      .describe('Whose lists these are: the address of an account here; required in production'),
    purpose: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_.:/-]{2,79}$/, 'must be a code or reference such as dedupe/2026-114, without blanks')
      .optional()
      .describe('What for, as a code or the reference of the order; required in production'),
  }),
  needs: 'nothing',
  async run(parts, input, out) {
    try {
      const errand = process.env.NODE_ENV === 'production' ? errandOf(input) : null
      await refuseOverwriting(input.output, input.input)
      const lists = await readLists(input.input, input.columns, out.progress)
      if (errand)
        await withDatabase(parts, process.env, 'command people link', (ctx) => recordLinking(ctx, errand, lists))
      const [first, second] = lists
      const roll = rollOf([...first!.records, ...(second?.records ?? [])], first!.headings)
      const linked = await linkRecords(roll, second ? first!.records.length : 0)
      await writeRows(input.output, explainedRows(roll, linked))
      const counts = {
        records: roll.ids.length,
        scored: linked.pairs,
        links: linked.links.filter(({ decision }) => decision === 'link').length,
        review: linked.links.filter(({ decision }) => decision === 'review').length,
      }
      out.print(
        `${counts.records} records, ${counts.scored} pairs scored: ${counts.links} links, ${counts.review} for review.`,
      )
      out.result({ ok: true, ...counts, output: input.output })
    } catch (error) {
      if (!(error instanceof ListProblem)) throw error
      out.progress(error.message)
      out.result({ ok: false, problem: error.message })
      return 1
    }
  },
})

async function readLists(files: string[], columns: string[], say: (line: string) => void): Promise<List[]> {
  const lists: List[] = []
  for (const [at, file] of files.entries()) {
    const asked = columns[at] ?? columns[0]
    const list = await readList(file, asked === undefined ? null : readColumns(asked))
    if (asked === undefined) say(`${file} is read as ${columnsText(list.columns)}. Other columns: --columns.`)
    for (const [field, count] of Object.entries(list.unread))
      if (count > 0) say(`${file}: ${count} cells of ${field} are not understood and count as unknown.`)
    lists.push(list)
  }
  if (lists[1] && lists[1].headings.length !== lists[0]!.headings.length)
    throw new ListProblem(
      'Both lists need the same further columns, in the same order: name them with --columns, once for each file.',
    )
  return lists
}

const columnsText = (columns: Columns) =>
  Object.entries(columns)
    .flatMap(([field, headings]) => headings.map((heading) => `${field}=${heading}`))
    .join(',')

// The same file by another name, or by a link, is the same file.
async function refuseOverwriting(output: string, lists: readonly string[]): Promise<void> {
  const real = (file: string) => realpath(file).catch(() => null)
  const here = await real(output)
  if (here === null) return
  for (const list of lists)
    if ((await real(list)) === here)
      throw new ListProblem(`${output} is one of the lists; name another file for the pairs.`)
}

// It appears under its name when it is whole; an earlier file stands until then.
async function writeRows(file: string, rows: Iterable<string>): Promise<void> {
  const part = `${file}.part-${process.pid}`
  try {
    if ((await stat(file).catch(() => null))?.isFile() === false) {
      await pipeline(Readable.from(rows), createWriteStream(file))
      return
    }
    await pipeline(Readable.from(rows), createWriteStream(part, { mode: 0o600, flags: 'wx' }))
    await rename(part, file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') await rm(part, { force: true })
    if (['ENOENT', 'EACCES', 'EISDIR', 'EPERM', 'EROFS', 'EEXIST'].includes(code ?? ''))
      throw new ListProblem(`${file} cannot be written.`)
    throw error
  }
}
