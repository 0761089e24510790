import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ctx } from '../context.ts'
import { ROOT } from '../root.ts'
import type { Sex, StatedRecord } from './facts.ts'
import { openSource, receiveRecords } from './receive.ts'

const FILE = join(ROOT, 'data/people/sample.tsv')
// Plainly no real lists, in the three languages.
const LABELS: Record<string, string> = { 1: 'Намуна · Образец · Sample 1', 2: 'Намуна · Образец · Sample 2' }
const OFFICER = 'registry-officer@example.tj'

/** Fills a demonstration with invented people, and lets its sample service see the whole registry. */
export async function peopleDemo(ctx: Ctx): Promise<void> {
  const service = await ctx.db
    .selectFrom('access.membership as m')
    .innerJoin('access.user_account as u', 'u.id', 'm.user_id')
    .select('m.organisation_id')
    .where('u.email', '=', OFFICER)
    .executeTakeFirst()
  if (!service) return
  const { organisation_id: custodian } = service
  await ctx.db
    .insertInto('people.office')
    .values({ organisation_id: custodian, national: true })
    .onConflict((c) => c.doNothing())
    .execute()
  const bytes = readFileSync(FILE)
  const rows = readSample(bytes.toString('utf8'))
  for (const [list, label] of Object.entries(LABELS)) {
    const sha256 = createHash('sha256').update(bytes).update(list).digest()
    const source = await openSource(ctx, { custodian, kind: 'file', label, sha256 })
    await receiveRecords(
      ctx,
      source,
      rows.filter((row) => row.list === list).map(({ record }) => record),
    )
  }
}

function readSample(text: string): { list: string; record: StatedRecord }[] {
  const [headings = [], ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
  return lines.map((cells) => {
    const cell = (heading: string) => cells[headings.indexOf(heading)] || undefined
    const name = { family: cell('family'), given: cell('given'), patronymic: cell('patronymic'), whole: cell('whole') }
    const [document, phone, issued] = [cell('document'), cell('phone'), cell('issued')]
    return {
      list: cell('list')!,
      record: {
        row_number: Number(cell('row')),
        names: [Object.fromEntries(Object.entries(name).filter(([, part]) => part !== undefined))],
        birth: Number(cell('birth')) || null,
        sex: (cell('sex') as Sex | undefined) ?? null,
        citizenship: cell('citizenship') ?? null,
        home_district: cell('district') ?? null,
        documents: document
          ? [
              {
                kind: 'travel_passport',
                country: cell('country') ?? null,
                number: document,
                issued_on: issued ? Temporal.PlainDate.from(issued) : null,
              },
            ]
          : [],
        contact: phone
          ? {
              phone,
              only_theirs: cell('only_theirs') === undefined ? null : cell('only_theirs') === 'yes',
              reach: cell('reach') ?? null,
            }
          : null,
        adverse: cell('adverse') === 'yes',
      },
    }
  })
}
