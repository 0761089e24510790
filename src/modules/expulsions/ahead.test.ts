import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportKind } from '#kernel/imports/kind.ts'
import { type Registry, registryOf } from '#kernel/people/fixtures/registry.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { listImport } from './import.ts'

type Place = { database: TestDatabase; x: Exchange }
const places: Place[] = []
afterAll(() => Promise.all(places.map(({ database }) => database.drop())))

/** A place to which lists come, and how they are imported there. */
async function placeWith(change: (kind: ImportKind) => Partial<ImportKind>): Promise<Place> {
  const database = await testDatabase()
  const mine: ImportKind = { ...listImport, ...change(listImport) }
  const parts = database.platform.parts.map((part) => ({
    ...part,
    imports: part.imports?.map((kind) => (kind === listImport ? mine : kind)),
  }))
  Object.assign(database.platform, { parts })
  const place = { database, x: await exchange(database) }
  places.push(place)
  return place
}

// Six batches: most are begun while the one before is still being written.
const ROWS = 3_000
const GIVEN = ['Далер', 'Сомон', 'Комрон', 'Умед', 'Рустам', 'Фирдавс', 'Бахтиёр', 'Шерзод', 'Ҷамшед', 'Исфандиёр']
const FAMILY = [
  'Раҳим',
  'Карим',
  'Назар',
  'Сафар',
  'Шариф',
  'Мирзо',
  'Ҳаким',
  'Юсуф',
  'Саид',
  'Давлат',
  'Ғафур',
  'Қурбон',
]

type Stated = { name: string; birth: string; document: string; kind: string; ground: string; number: string }

/** A list in which many rows are about somebody of an earlier row. That is a little before, or far; in one place at any distance. */
function listOf(seed: number): Stated[] {
  let state = seed
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const two = (value: number) => String(value).padStart(2, '0')
  const rows: Stated[] = []
  for (let at = 0; at < ROWS; at++) {
    const fresh: Stated = {
      name: `${FAMILY[random(12)]}${FAMILY[random(12)]!.toLowerCase()}ов ${GIVEN[random(10)]} ${FAMILY[random(12)]}ович`,
      birth: `${two(1 + random(28))}.${two(1 + random(12))}.${1960 + random(45)}`,
      document: `A${10_000_000 + seed * 100_000 + at}`,
      kind: 'депортация',
      ground: 'ст. 25',
      number: `Р-${seed}-${at}`,
    }
    const anyDistance = at >= 1_500 && at < 2_000
    const within = at % 500
    const earlier =
      rows[at - 1 - (anyDistance ? random(1_000) : within > 0 && random(2) ? random(within) : 1_000 + random(500))]
    const resembles: Record<number, Partial<Stated>> = {
      // Another measure of the same person; the same row once more; another hand's spelling; another passport; a brother.
      0: { kind: 'неразрешение въезда', number: fresh.number },
      1: {},
      2: { name: earlier?.name.replace('ович', 'зода') ?? '', kind: 'реадмиссия', number: fresh.number },
      3: { document: fresh.document, number: fresh.number },
      4: { name: earlier?.name.replace(/ \S+ /, ' Ҳалим ') ?? '', document: fresh.document, number: fresh.number },
      5: at < 300 ? { kind: 'отказ в пропуске', number: fresh.number } : fresh,
    }
    rows.push({
      ...(earlier ?? fresh),
      ...(earlier ? (resembles[random(anyDistance || at < 300 ? 18 : 50)] ?? fresh) : fresh),
    })
  }
  // Only the rows just before show that these are about somebody: another passport; the same, in another measure and spelling.
  rows[2_300] = { ...rows[1_900]!, document: `A${90_000_000 + seed}`, number: `Р-${seed}-a` }
  rows[2_800] = {
    ...rows[2_450]!,
    name: rows[2_450]!.name.replace('ович', 'зода'),
    kind: 'реадмиссия',
    number: `Р-${seed}-b`,
  }
  return rows
}

const csvOf = (rows: readonly Stated[]) =>
  `${HEADINGS}\n${rows
    .map(({ name, birth, document, kind, ground, number }, at) =>
      [at + 1, name, birth, document, kind, ground, number, 'бессрочно'].join(';'),
    )
    .join('\n')}\n`

/** All that comes of a list, by the numbers of its rows: ids are others each time. */
async function whatComesOf(csv: string, { database: { owner }, x }: Place, letter: string) {
  const { id, errors } = await x.bring(csv, { source: letter })
  const rows = await sql<{ number: number; outcome: string | null }>`
    select r.number, r.state, r.outcome from imports.row r where r.import_id = ${id} order by r.number`.execute(owner)
  const persons = await sql<{ rows: number[] }>`
    select array_agg(c.row_number order by c.row_number) as rows, count(distinct l.person_id)::int
    from expulsions.batch b
    join people.record c on c.source_id = b.source_id
    join people.link l on l.record_id = c.id
    where b.import_id = ${id}
    group by l.person_id
    order by 1`.execute(owner)
  const reviews = await sql`
    select c.row_number as one, o.row_number as other, v.adverse, round(v.probability::numeric, 6)::text as probability
    from expulsions.batch b
    join people.record c on c.source_id = b.source_id
    join people.review v on v.record_id = c.id
    join people.record o on o.id = v.other_record_id
    where b.import_id = ${id}
    order by 1, 2`.execute(owner)
  const statements = await sql`
    select s.row_number, s.version, s.kind, c.row_number as record,
      (select array_agg(d.position order by d.position) from expulsions.delivery_row d where d.measure_id = s.measure_id) as given
    from expulsions.batch b
    join expulsions.statement s on s.batch_id = b.id
    join people.record c on c.id = s.record_id
    where b.import_id = ${id}
    order by 1`.execute(owner)
  const events = await sql`
    select e.kind, e.rows from expulsions.event e join expulsions.batch b on b.id = e.batch_id where b.import_id = ${id}
    order by 1, 2`.execute(owner)
  return {
    errors,
    rows: rows.rows,
    persons: persons.rows,
    reviews: reviews.rows,
    statements: statements.rows,
    events: events.rows,
  }
}

describe('a list of which the next rows are begun while those before are written', () => {
  let ahead: Place
  let inOrder: Place
  let kept = 0
  let begun = 0
  beforeAll(async () => {
    ahead = await placeWith(({ begin, apply }) => ({
      begin: (ctx, rows, before) => {
        if (before) begun++
        return begin!(ctx, rows, before)
      },
      apply: async (ctx, rows, mine) => {
        const outcomes = await apply(ctx, rows, mine)
        if (mine.before) kept++
        return outcomes
      },
    }))
    inOrder = await placeWith(({ begin, apply }) => ({
      begin: undefined,
      apply: async (ctx, rows) => apply(ctx, rows, await begin!(ctx, rows, null)),
    }))
  })

  test.each([1, 2])('comes to the same as one written batch after batch (%i)', async (seed) => {
    const list = listOf(seed)
    // What is stated otherwise in the same list is the fault of that row alone, wherever its batch was begun.
    if (seed === 1) list[2_600] = { ...list[2_050]!, ground: 'ст. 26' }
    const csv = csvOf(list)
    const came = await whatComesOf(csv, ahead, `letter ${seed}`)
    expect(came).toEqual(await whatComesOf(csv, inOrder, `letter ${seed}`))
    // And the list is one in which there is something to find, near and far; some were begun ahead and some could not be.
    expect(kept).toBeGreaterThan(0)
    expect(begun).toBeGreaterThan(kept)
    expect(came.errors).toBe(seed === 1 ? 1 : 0)
    expect(came.rows.filter(({ outcome }) => outcome === 'same').length).toBeGreaterThan(10)
    expect(came.persons.filter(({ rows }) => rows.at(-1)! - rows[0]! > 100).length).toBeGreaterThan(10)
    expect(came.reviews.length).toBeGreaterThan(10)
  })

  test('makes one person of one, whoever else brings her in the meantime', async () => {
    // Nobody in it resembles somebody else, and nobody's birth is a year only: then document and birth alone say who it is.
    const exact = listOf(7).filter(({ birth }) => !birth.startsWith('01.01.'))
    const names = new Map(exact.map((row) => [`${row.name.split(' ')[0]} ${row.birth}`, row]))
    const list = [...new Map([...names.values()].map((row) => [row.document, row])).values()]
    const persons = list.map(({ name, birth, document }) => ({
      names: [{ whole: name }],
      birth: Number(birth.split('.').reverse().join('')),
      documents: [{ kind: 'passport' as const, number: document }],
      adverse: true,
    }))
    // Once the next rows are begun somebody brings the same people, and is the first to have a turn after the rows before.
    const others: ReturnType<Registry['receive']>[] = []
    const { database, x } = await placeWith(({ begin }) => ({
      begin: async (ctx, rows, before) => {
        const begun = await begin!(ctx, rows, before)
        const same = rows.slice(0, 50).map(({ number }) => persons[number - 1]!)
        if (before) others.push(registry.receive(registry.national, ...same))
        return begun
      },
    }))
    const registry = await registryOf(database)
    expect((await x.bring(csvOf(list), { source: 'letter 7' })).errors).toBe(0)
    const brought = (await Promise.all(others)).flat()
    expect(brought.length).toBeGreaterThan(50)
    const { rows } = await sql<{ persons: number; records: number }>`
      select count(distinct p.root)::int as persons, count(*)::int as records
      from people.finding f
      join people.person p on p.id = f.person_id
      join people.record c on c.id = f.record_id
      join people.source s on s.id = c.source_id
      where s.label = 'letter 7' or s.custodian = ${registry.national}
      group by f.documents, f.birth
      having count(*) > 1`.execute(database.owner)
    expect(rows.length).toBe(new Set(brought.map(({ person_id }) => person_id)).size)
    expect(rows.filter(({ persons }) => persons > 1)).toEqual([])
  })
})
