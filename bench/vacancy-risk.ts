import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTable } from '#kernel/lists/lists.ts'
import type { Bench } from '../scripts/bench.ts'
import { saveAdvert } from '../src/modules/vacancies/adverts.ts'
import { flagsOf, readSigns, type Sign, type Suspect } from '../src/modules/vacancies/risk/flags.ts'
import { type Cells, readAdvert } from '../src/modules/vacancies/sources/read-advert.ts'
import { withDatabase } from './search/database.ts'

const FOLDER = join(import.meta.dirname, 'vacancy-risk')
const table = (name: string) => readTable(readFileSync(join(FOLDER, name), 'utf8'))

const WRITTEN = ['written.tsv', 'fresh.tsv', 'wide.tsv', 'final.tsv', 'final-2.tsv', 'final-3.tsv', 'final-4.tsv']

/** How well flags tell frauds from look-alikes: see `bench/vacancy-risk/README.md`. */
const bench: Bench = async ({ say }) => {
  const written = WRITTEN.flatMap(table)
  const figures: Record<string, object | string> = {}
  for (const set of new Set(written.map(({ set }) => set!))) {
    const rows = written.filter((row) => row.set === set)
    figures[set] = judge(
      rows.map(({ id, flags, title, text }) => ({
        id: id!,
        flags: flags!,
        suspect: suspect({ title: title!, duties: text! }),
      })),
      say,
    )
    say(`${set}: ${JSON.stringify(figures[set])}`)
  }
  const file = process.env.HAMSAFAR_BENCH_ADVERTS
  if (!file || !existsSync(file)) {
    say('The real adverts are not here: set HAMSAFAR_BENCH_ADVERTS to the file that labels.tsv is about.')
    return { ...figures, real: 'absent' }
  }
  return { ...figures, ...(await judgeReal(file, say)) }
}
export default bench

type Real = Record<string, string | number | null> & { id: string }

// Brought in as an import would: so pay beside its trade's counts too, and groups are those that the public search shows.
async function judgeReal(file: string, say: (line: string) => void) {
  const labels = new Map(table('labels.tsv').map((row) => [row.id!, row]))
  const adverts = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line): Real => JSON.parse(line))
  return withDatabase({}, async (database) => {
    const ctx = database.system()
    const today = Temporal.Now.plainDateISO()
    const ids = new Map<string, string>()
    for (const real of adverts) {
      const read = readAdvert(cellsOf(real), { today, raw: {} })
      if (!read.ok) throw new Error(`${real.id}: ${JSON.stringify(read.errors)}`)
      ids.set(real.id, (await saveAdvert(ctx, read.advert, null)).id)
    }
    const reviews = await database.owner
      .selectFrom('vacancies.review')
      .select(['vacancy_id', 'reason', 'evidence'])
      .where('reason', 'in', ['military', 'risk'])
      .execute()
    const groups = new Map(
      (await database.owner.selectFrom('vacancies.fingerprint').select(['vacancy_id', 'group_id']).execute()).map(
        ({ vacancy_id, group_id }) => [vacancy_id, group_id],
      ),
    )
    const flags = summary(
      adverts.map(({ id, title }) => {
        const expected = labels.get(id)!.flags!.split(',').filter(Boolean)
        const own = reviews.filter(({ vacancy_id }) => vacancy_id === ids.get(id))
        const raised = own.flatMap(({ evidence }) =>
          (evidence as { signs: Sign[] }).signs.map(({ flag }): string => flag),
        )
        return verdict({ id, title: String(title), expected, raised }, say)
      }),
    )
    say(`real adverts: ${JSON.stringify(flags)}`)
    const pairs = judgePairs(
      adverts.map(({ id }) => ({ id, label: labels.get(id)!.group!, group: groups.get(ids.get(id)!) })),
      say,
    )
    say(`duplicates: ${JSON.stringify(pairs)}`)
    return { real: { adverts: adverts.length, ...flags }, duplicates: pairs }
  })
}

const text = (value: string | number | null | undefined) =>
  value === null || value === undefined ? null : String(value)

const cellsOf = (real: Real): Cells => ({
  source_id: real.id,
  lang: text(real.lang),
  title: text(real.title),
  profession: text(real.profession),
  employer_name: text(real.employer),
  country: text(real.country) ?? 'RU',
  region: text(real.region),
  pay_min: text(real.salary_min),
  pay_max: text(real.salary_max),
  pay_currency: text(real.salary_currency),
  pay_period: real.salary_currency ? 'month' : null,
  duties: text(real.duties),
  requirements: text(real.requirements),
  conditions: [real.conditions, real.extra].filter(Boolean).join('\n') || null,
  schedule: text(real.schedule),
  hours: text(real.hours),
})

type Grouped = { id: string; label: string; group: string | undefined }

function judgePairs(adverts: readonly Grouped[], say: (line: string) => void) {
  let [right, missed, wrong] = [0, 0, 0]
  for (const [at, one] of adverts.entries()) {
    for (const other of adverts.slice(at + 1)) {
      const unclear = one.label.startsWith('?') && one.label === other.label
      const same = one.label !== '' && one.label === other.label
      const together = one.group !== undefined && one.group === other.group
      if (unclear || (!same && !together)) continue
      if (same && together) right++
      else if (same) missed++
      else wrong++
      if (same !== together) say(`${one.id} ${other.id} ${same ? 'NOT GROUPED' : 'GROUPED WRONGLY'}`)
    }
  }
  return { pairs: right + missed, recall: share(right, right + missed), precision: share(right, right + wrong), wrong }
}

const suspect = (parts: Partial<Suspect> & { title: string }): Suspect => ({
  profession: null,
  duties: null,
  requirements: null,
  conditions: null,
  schedule: null,
  hours: null,
  employer: null,
  country: 'RU',
  region_text: null,
  workplace_text: null,
  contacts: [],
  ...parts,
})

type Labelled = { id: string; flags: string; suspect: Suspect }

const judge = (rows: readonly Labelled[], say: (line: string) => void) =>
  summary(
    rows.map(({ id, flags, suspect }) => {
      const raised = flagsOf(readSigns(suspect)).map(({ flag }): string => flag)
      return verdict({ id, title: suspect.title, expected: flags.split(',').filter(Boolean), raised }, say)
    }),
  )

type Read = { id: string; title: string; expected: readonly string[]; raised: readonly string[] }

function verdict({ id, title, expected, raised }: Read, say: (line: string) => void) {
  const [fraud, held] = [expected.length > 0, raised.length > 0]
  if (fraud !== held) say(`${id} ${fraud ? 'MISSED' : `HELD FOR ${[...new Set(raised)]}`}: ${title}`)
  return { fraud, held, right: expected.every((flag) => raised.includes(flag)) }
}

function summary(judged: readonly ReturnType<typeof verdict>[]) {
  const frauds = judged.filter(({ fraud }) => fraud)
  const held = judged.filter((each) => each.held)
  const found = frauds.filter((each) => each.held)
  return {
    frauds: frauds.length,
    innocents: judged.length - frauds.length,
    recall: share(found.length, frauds.length),
    right_flag: share(frauds.filter(({ right }) => right).length, frauds.length),
    precision: share(found.length, held.length),
    innocents_held: held.length - found.length,
  }
}

const share = (part: number, whole: number) => (whole === 0 ? 1 : Math.round((part / whole) * 1000) / 1000)
