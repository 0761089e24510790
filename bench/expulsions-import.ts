import { loadavg } from 'node:os'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { nameText } from '#kernel/people/facts.ts'
import type { Bench } from '../scripts/bench.ts'
import { listImport } from '../src/modules/expulsions/import.ts'
import { recordOf, seeded, simulatePeople } from './people/simulate.ts'
import { withDatabase } from './search/database.ts'

const SEED = 5
const TARGET_SECONDS = 60
const KINDS = ['неразрешение въезда', 'административное выдворение', 'депортация', 'реадмиссия', 'включение в РКЛ']

/**
 * A list of `--scale` people from CSV to rows that two recipients have (the Foreign Ministry by route, the Migration Service
 * by right): read, checked, kept as records, linked, stated, questions asked, passed on. Then the same file again, which must
 * change nothing. Baseline: COPY of the same text into one table without index. Exit code 1 above 60 seconds for 100,000
 * rows (in proportion for others), or when the repetition adds anything.
 */
const bench: Bench = ({ scale, say }) =>
  withDatabase({}, async ({ owner, ownerUrl, system }) => {
    const rows = Math.max(100, Math.round(scale))
    const csv = listOf(rows)
    const ctx = await office(system())
    say(`a list of ${rows} rows, ${Math.round(csv.length / 1024)} kB`)
    const bring = async (name: string) => {
      const began = performance.now()
      const before = process.cpuUsage()
      let step = ''
      const laps: Record<string, number> = {}
      const found = await importFile(
        ctx,
        listImport,
        { name, bytes: Buffer.from(csv) },
        {
          source: 'letter 1',
          report: ({ message }) => {
            if (!message || message.key === step) return
            laps[message.key.split('.').at(-1)!] = seconds(began)
            step = message.key
            say(`${seconds(began)} s: ${step}`)
          },
        },
      )
      // Of this process alone: on a machine that others use too it says more than the clock.
      const cpu = Math.round(process.cpuUsage(before).user / 100_000) / 10
      return { found, seconds: seconds(began), cpu, began: laps }
    }
    const first = await bring('list.csv')
    const before = await counts(owner)
    say(`${first.seconds} s: ${JSON.stringify(before)}`)
    const second = await bring('list.csv')
    const after = await counts(owner)
    const idempotent =
      JSON.stringify(before) === JSON.stringify(after) && second.found.same + second.found.errors === rows
    const copy_seconds = await copyOf(ownerUrl, csv)
    const limit = TARGET_SECONDS * Math.max(1, rows / 100_000)
    if (!idempotent || first.seconds > limit || first.found.created + first.found.errors < rows) process.exitCode = 1
    return {
      rows,
      seconds: first.seconds,
      rows_per_second: Math.round(rows / first.seconds),
      cpu_seconds: first.cpu,
      steps_begin_at: first.began,
      repaired: first.found.repaired,
      errors: first.found.errors,
      again_seconds: second.seconds,
      idempotent: idempotent ? 'yes' : 'no',
      ...before,
      baseline_copy_seconds: copy_seconds,
      peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
      load: Math.round(loadavg()[0]! * 10) / 10,
    }
  })
export default bench

const seconds = (began: number) => Math.round((performance.now() - began) / 100) / 10

/** Invented people as such lists have them: one in ten without term, one in fifty with an Excel date or a letter of the wrong alphabet. */
function listOf(rows: number): string {
  const random = seeded(SEED)
  const lines = ['№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Дата решения;Срок запрета']
  for (const person of simulatePeople(rows, random)) {
    const number = lines.length
    const { names, birth, documents } = recordOf(person, String(number), 'tajik')
    const name = nameText(names[0]!)
    const [year, month, day] = [Math.floor(birth! / 10_000), Math.floor(birth! / 100) % 100, birth! % 100]
    const excel = Temporal.PlainDate.from('1899-12-30').until({ year, month: month || 1, day: day || 1 }).days
    lines.push(
      [
        number,
        number % 50 === 0 ? name.replace('а', 'a') : name,
        number % 50 === 1 ? excel : `${pad(day || 1)}.${pad(month || 1)}.${year}`,
        documents[0] ?? `A${10_000_000 + number}`,
        KINDS[number % KINDS.length],
        number % 20 === 0 ? '' : 'ст. 26 114-ФЗ',
        `Н-${number}`,
        '05.03.2026',
        number % 10 === 0 ? '' : number % 10 === 1 ? 'бессрочно' : '5 лет',
      ].join(';'),
    )
  }
  return `${lines.join('\n')}\n`
}

const pad = (value: number) => String(value).padStart(2, '0')

/** An embassy that enters lists, and to whom they go. */
async function office(ctx: Ctx): Promise<Ctx> {
  const ids: Record<string, string> = {}
  for (const [name, kind] of [
    ['embassy', 'foreign_affairs'],
    ['ministry', 'foreign_affairs'],
    ['service', 'migration'],
  ] as const) {
    ids[name] = newId()
    await ctx.db
      .insertInto('organisations.organisation')
      .values({ id: ids[name], kind: 'authority', country: 'TJ', created_at: ctx.now })
      .execute()
    await ctx.db.insertInto('expulsions.body').values({ organisation_id: ids[name], kind }).execute()
  }
  await ctx.db
    .insertInto('expulsions.route')
    .values({
      ...{
        id: newId(),
        from_organisation: ids.embassy!,
        to_organisation: ids.ministry!,
        mandate: 'bench',
        act: 'bench',
      },
      ...{ term_hours: 24, since: ctx.now },
    })
    .execute()
  const user_id = newId()
  await ctx.db
    .insertInto('access.user_account')
    .values({ id: user_id, email: 'consul@bench.example', name: 'Bench', locale: 'en', created_at: ctx.now })
    .execute()
  const actor: StaffActor = {
    ...{
      kind: 'staff',
      user_id,
      name: 'Bench',
      organisation_id: ids.embassy!,
      organisation_name: 'Bench',
      session_id: newId(),
    },
    permissions: new Set(['expulsion.import']),
  }
  return { ...ctx, actor }
}

async function counts(owner: Ctx['db']): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select (select count(*)::int from people.record) as records,
      (select count(*)::int from people.review) as reviews,
      (select count(*)::int from expulsions.measure) as measures,
      (select count(*)::int from expulsions.statement) as statements,
      (select count(*)::int from expulsions.question) as questions,
      (select count(*)::int from expulsions.delivery_row) as delivered`.execute(owner)
  return rows[0]!
}

async function copyOf(ownerUrl: string, csv: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      'create table public.plain (number text, name text, birth text, document text, kind text, ground text, no text, decided text, ends text)',
    )
    const began = performance.now()
    await pipeline(
      Readable.from([csv]),
      client.query(copyFrom(`copy public.plain from stdin with (format csv, delimiter ';', header)`)),
    )
    return Math.round(performance.now() - began) / 1000
  } finally {
    await client.end()
  }
}
