import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Ctx, StaffActor } from '#kernel/context.ts'
import { getFile, readFile } from '#kernel/files/files.ts'
import { getLetter, lettersAbout } from '#kernel/letters/letters.ts'
import { protect } from '#kernel/people/protection.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { readPdf } from '../../../test/pdf.ts'
import { getBatch, rowsOf } from './batches.ts'
import { decide, listCorrections, propose } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { issueBatchLetter } from './letters.ts'
import { ask, listQuestions } from './questions.ts'
import { acknowledge } from './relay.ts'

let database: TestDatabase
let x: Exchange
let batch: { id: string; reference: string }
const LIST = `${HEADINGS}
1;Намунаев Далер Намунавич;14.02.1990;A12345678;неразрешение въезда;;Н-1;01.06.2029
2;Мисолзода Нигора;23.02.1988;A22345678;депортация;ст. 25.10;Н-2;бессрочно
3;Абдуҷабборхоҷа Ҳикматӣ Қурбон;01.03.1995;A32345678;неразрешение въезда;ст. 26;Н-3;
`

beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
  // Known before as an asylum seeker, by the same document and birth: her row is held from all but the Migration Service.
  await x.bring(
    `${HEADINGS}\n1;Мисолзода Нигора;23.02.1988;A22345678;нежелательность пребывания;ст. 1;Н-0;бессрочно\n`,
    { name: 'before.csv' },
  )
  const { person_id } = await database.owner
    .selectFrom('people.finding')
    .select('person_id')
    .orderBy('record_id')
    .executeTakeFirstOrThrow()
  await protect(database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }), person_id, 'victim')
  await x.bring(LIST)
  batch = await x.batch()
  await x.as(x.foreign.officer, (ctx) => acknowledge(ctx, batch, null))
})
afterAll(() => database.drop())

type Wanted = Parameters<typeof issueBatchLetter>[2]
const make = (actor: StaffActor, wanted: Wanted, of = batch.reference) =>
  x.as(actor, async (ctx) => {
    const reference = await issueBatchLetter(ctx, await getBatch(ctx, of), wanted)
    const letter = await getLetter(ctx, reference)
    return { letter, ...(await read(ctx, letter.file_id!)) }
  })

async function read(ctx: Ctx, file_id: string) {
  const chunks: Uint8Array[] = []
  for await (const chunk of await readFile(ctx, await getFile(ctx, file_id))) chunks.push(chunk)
  return readPdf(Buffer.concat(chunks))
}

describe('the accompanying letter', () => {
  test.each([
    ['ru', 'Сопроводительное письмо к списку', 'Строк 2', 'время Душанбе'],
    ['tg', 'Мактуби ҳамроҳ ба рӯйхати', 'Сатрҳо 2', 'вақти Душанбе'],
  ] as const)(
    'in %s lists for its recipient what it was given, by a clock that it names',
    async (lang, heading, count, clock) => {
      const { text, square, letter } = await make(x.foreign.officer, { letter: 'cover', to: x.foreign.id, lang })
      expect(text).toContain(`${heading} ${batch.reference}`)
      expect(text).toContain('Намунаев Далер Намунавич, 14.02.1990')
      expect(text).toContain('Абдуҷабборхоҷа Ҳикматӣ Қурбон')
      expect(text).toContain('letter 14/2-881')
      expect(text).toContain('Office embassy')
      expect(text).toContain(count)
      expect(text).toContain(clock)
      expect([letter.rows, letter.issuer, letter.recipient]).toEqual([2, x.embassy.id, x.foreign.id])
      expect(square).toContain(`/letters/verify?n=${letter.reference}&c=${letter.code}`)
    },
  )

  test('tells the sender nothing of how many rows the recipient got', async () => {
    const { text, letter } = await make(x.embassy.officer, { letter: 'cover', to: x.foreign.id, lang: 'ru' })
    expect(letter.rows).toBeNull()
    for (const word of ['Строк', 'Намунаев', 'Мисолзода']) expect(text).not.toContain(word)
    expect(text).toContain(batch.reference)
  })

  test.each([
    ['ru', '1 строка списка не принята. О ком они, знает только отправитель. Спросите: Office embassy.'],
    ['tg', '1 сатри рӯйхат қабул нашуд. Онҳо дар бораи кистанд, танҳо фиристанда медонад. Пурсед: Office embassy.'],
  ] as const)('in %s says how many rows of the list were left out, and nothing of what is held', async (lang, said) => {
    await x.bring(
      `${HEADINGS}
1;Намунаев Умед;15.02.1990;A42345678;неразрешение въезда;ст. 26;Н-4 ${lang};01.06.2029
2;Мисолзода Нигора;23.02.1988;A22345678;депортация;ст. 26;Н-5 ${lang};бессрочно
3;Намунаев Беҳрӯз;16.02.1990;A52345678;штраф;ст. 26;Н-6 ${lang};01.06.2029
`,
      { name: `left-out ${lang}.csv`, source: `letter 15 ${lang}` },
    )
    const { reference } = await x.batch()
    for (const by of [x.embassy.officer, x.foreign.officer]) {
      const { text } = await make(by, { letter: 'cover', to: x.foreign.id, lang }, reference)
      expect(text.replaceAll('\u00a0', ' ')).toContain(said)
      expect(text).not.toMatch(/(Строк|Сатрҳо) [23]/)
    }
  })

  test('of a whole list says nothing of rows left out', async () => {
    const { text } = await make(x.foreign.officer, { letter: 'cover', to: x.foreign.id, lang: 'ru' })
    expect(text).not.toContain('не принят')
  })

  test('is made by nobody else', async () => {
    await expect(make(x.interior.officer, { letter: 'cover', to: x.foreign.id, lang: 'ru' })).rejects.toMatchObject({
      kind: 'not_found',
    })
    await expect(make(x.service.officer, { letter: 'cover', to: x.foreign.id, lang: 'ru' })).rejects.toMatchObject({
      kind: 'not_found',
    })
  })
})

describe('the receipt', () => {
  test('for the sender comes from the Migration Service alone, without counting; with every row it goes there alone', async () => {
    await expect(make(x.foreign.officer, { letter: 'receipt', lang: 'ru' })).rejects.toMatchObject({
      kind: 'not_found',
    })
    await x.as(x.service.officer, (ctx) => acknowledge(ctx, batch, null))
    const plain = await make(x.service.officer, { letter: 'receipt', lang: 'ru' })
    expect(plain.letter).toMatchObject({ rows: null, recipient: x.embassy.id })
    expect(plain.text).toContain('Все переданные строки подтверждены')
    expect(plain.text).not.toContain('Намунаев')
    expect(plain.text).not.toContain('Строк ')
    const whole = await make(x.foreign.officer, { letter: 'receipt_rows', lang: 'tg' })
    expect(whole.letter).toMatchObject({ rows: 2, recipient: x.service.id })
    expect(whole.text).toContain('Office service')
    expect(whole.text).toContain('Намунаев')
    expect(whole.text).not.toContain('Мисолзода')
    expect((await make(x.service.officer, { letter: 'receipt_rows', lang: 'ru' })).letter).toMatchObject({
      rows: 3,
      recipient: null,
    })
  })
})

test('what is missing is asked for person by person', async () => {
  const { text, letter } = await make(x.service.officer, { letter: 'request', lang: 'ru' })
  expect(letter).toMatchObject({ rows: 2, recipient: x.embassy.id })
  expect(text).toContain('Намунаев Далер Намунавич')
  expect(text).toContain('Абдуҷабборхоҷа')
  expect(text).not.toContain('Мисолзода')
  await expect(make(x.foreign.officer, { letter: 'request', lang: 'ru' })).rejects.toMatchObject({ kind: 'not_found' })
})

test('a question about a term quotes what the list says, to who sent the row and in the letter to them; to nobody else', async () => {
  const term = '5 лет  с даты вступления в <b>силу</b>\u202e'
  const list = (third: string) => `${HEADINGS}
1;Намунаев Зафар;15.03.1990;A62345678;неразрешение въезда;ст. 26;Н-7;${term}
2;Намунаев Зиё;16.03.1990;A72345678;неразрешение въезда;ст. 26;Н-8;
3;Намунаев Зоир;17.03.1990;A82345678;неразрешение въезда;ст. 26;Н-9;${third}
`
  await x.bring(list('01.06.2031'), { name: 'cells.csv', source: 'letter 16' })
  const cells = await x.batch()
  const quoted = (actor: StaffActor) =>
    x.as(actor, async (ctx) =>
      (await listQuestions(ctx, { batch_id: cells.id, limit: 10 })).map(({ row_number, cell }) => [row_number, cell]),
    )
  const said = '5 лет с даты вступления в <b>силу</b>'
  for (const office of [x.embassy, x.service])
    expect(await quoted(office.officer)).toEqual([
      [2, said],
      [3, null],
    ])
  const [third] = await database.owner
    .selectFrom('expulsions.statement')
    .select('measure_id')
    .where('batch_id', '=', cells.id)
    .where('row_number', '=', 2)
    .execute()
  await x.as(x.foreign.officer, (ctx) => ask(ctx, cells, third!.measure_id, 'term', 'Until when?'))
  expect(await quoted(x.foreign.officer)).toEqual([[2, null]])
  expect(await quoted(x.interior.officer)).toEqual([])
  for (const [lang, words] of [
    ['ru', `В списке написано: «${said}»`],
    ['tg', `Дар рӯйхат навишта шудааст: «${said}»`],
  ] as const) {
    const { text } = await make(x.service.officer, { letter: 'request', lang }, cells.reference)
    expect(text).toContain(words)
    const asked = await make(x.foreign.officer, { letter: 'request', lang }, cells.reference)
    expect(asked.text).not.toContain('вступления')
  }
  // The row as it was stated last is what is asked about.
  await x.bring(list('').replace(`ст. 26;Н-7;${term}`, 'ст. 27;Н-7;до свадьбы'), {
    name: 'cells again.csv',
    source: 'letter 16',
  })
  expect((await quoted(x.embassy.officer)).find(([, cell]) => cell === 'до свадьбы')).toBeDefined()
})

test('a decision is told to every earlier recipient, each with its letter', async () => {
  const [row] = await x.as(x.service.officer, (ctx) => rowsOf(ctx, batch.id, { limit: 5 }))
  await x.as(x.service.officer, (ctx) => propose(ctx, row!.measure_id, 'not_me', 'Another person'))
  const [open] = await x.as(x.service.second, (ctx) => listCorrections(ctx, { open: true }))
  const reference = (await x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed')))!
  for (const to of [x.embassy.id, x.foreign.id, x.interior.id, x.security.id]) {
    const { text, letter } = await make(x.service.officer, { letter: 'cover', to, lang: 'ru' }, reference)
    expect(letter).toMatchObject({ rows: 1, recipient: to, kind: 'expulsions.letter.decision' })
    expect(text).toContain('Намунаев')
    expect(text).toContain(row!.reference)
    expect(text).toContain('заменяет прежние сведения')
  }
  const about = await x.as(x.service.second, (ctx) => lettersAbout(ctx, { type: 'batch', id: reference }))
  expect(about).toHaveLength(4)
  expect(await x.as(x.foreign.officer, (ctx) => lettersAbout(ctx, { type: 'batch', id: reference }))).toEqual([])
})

test('the letter of a decision says on which day a measure was lifted', async () => {
  const list = (status: string) =>
    `${HEADINGS};Статус\n1;Намунаев Лочин;15.02.1991;A62345678;неразрешение въезда;ст. 26;Н-9;бессрочно;${status}\n`
  await x.bring(list(''), { name: 'lift.csv', source: 'letter 17' })
  const { id } = await x.batch()
  await x.bring(list('снято 01.02.2026'), { name: 'lifted.csv', source: 'letter 18' })
  const [row] = await x.as(x.service.officer, (ctx) => rowsOf(ctx, id, { limit: 5 }))
  const [open] = await x.as(x.service.second, (ctx) =>
    listCorrections(ctx, { measure_id: row!.measure_id, open: true }),
  )
  const reference = (await x.as(x.service.second, (ctx) => decide(ctx, open!, 'confirmed')))!
  for (const [lang, day] of [
    ['ru', '1 февраля 2026'],
    ['tg', '1 феврали 2026'],
  ] as const) {
    const { text } = await make(x.service.officer, { letter: 'cover', to: x.foreign.id, lang }, reference)
    expect(text.replace(/\s+/g, ' ')).toContain(day)
  }
})
