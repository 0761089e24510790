import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#kernel/context.ts'
import { recordset } from '#kernel/db/arrays.ts'
import { newId } from '#kernel/ids.ts'
import { importFile } from '#kernel/imports/import-file.ts'
import { NOW, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { decide, listCorrections, propose, wantedText } from './corrections.ts'
import { type Exchange, exchange, HEADINGS } from './fixtures/exchange.ts'
import { listImport } from './import.ts'
import { MEASURES, STATUSES } from './kinds.ts'
import { lacking, noteLacking } from './lacking.ts'
import { isInForce, measuresOnRecords } from './public.ts'
import { type Answered, answer, ask, listQuestions } from './questions.ts'

let database: TestDatabase
let x: Exchange
beforeAll(async () => {
  database = await testDatabase()
  x = await exchange(database)
})
afterAll(() => database.drop())

// Each test has a person, a decision and a letter of its own.
let of = 0
beforeEach(async () => {
  of++
  // All are called alike: a protection that goes on would hold the rows of the next.
  await database.owner.updateTable('people.protection').set({ until: NOW }).execute()
})
type Cells = Partial<Record<'measure' | 'ground' | 'no' | 'ends' | 'status' | 'issuer', string>>
const row = (
  number: number,
  {
    measure = 'неразрешение въезда',
    ground = 'ст. 26',
    no = `E-${of}`,
    ends = 'бессрочно',
    status = '',
    issuer = '',
  }: Cells,
) => `${number};Намунаев Далер;14.02.1990;E1234${of}678;${measure};${ground};${no};${ends};${status};${issuer}\n`
const list = (...rows: Cells[]) => `${HEADINGS};Статус;Орган\n${rows.map((cells, at) => row(at + 1, cells)).join('')}`
let files = 0
const bring = (csv: string, source = `letter ${of}`) => x.bring(csv, { name: `${++files}.csv`, source })

const stated = () =>
  database.owner
    .selectFrom('expulsions.statement as s')
    .innerJoin('expulsions.measure as m', (join) =>
      join.onRef('m.id', '=', 's.measure_id').onRef('m.latest', '=', 's.version'),
    )
    .select(['s.measure_id', 's.record_id', 's.term', 's.ends_on', 's.ground', 's.status', 's.status_on', 's.version'])
    .where('s.decision_no', '=', `E-${of}`)
    .orderBy('m.id')
    .execute()
const measure = async () => (await stated())[0]!
const inForce = async () => {
  const records = (await stated()).map(({ record_id }) => record_id)
  const today = Temporal.PlainDate.from(NOW.toString().slice(0, 10))
  return (await measuresOnRecords(database.ctx({ db: database.owner }), records)).map((one) => isInForce(one, today))
}
const open = async () => {
  const { measure_id } = await measure()
  return x.as(x.service.officer, (ctx) => listCorrections(ctx, { measure_id, open: true }))
}
const confirm = async () => {
  const [correction] = await open()
  await x.as(x.service.officer, (ctx) => decide(ctx, correction!, 'confirmed'))
}
const questions = async () => {
  const { measure_id } = await measure()
  const all = await x.as(x.embassy.officer, (ctx) => listQuestions(ctx, { open: true, mine: true, limit: 100 }))
  return all.filter((one) => one.measure_id === measure_id)
}
const reply = async (about: string, change: Answered) => {
  const question = (await questions()).find((one) => one.about === about)!
  return x.as(x.embassy.officer, (ctx) => answer(ctx, question, 'As the letter says', change))
}
const day = (iso: string) => Temporal.PlainDate.from(iso)

describe('one officer alone ends no measure that is known', () => {
  test.each<[string, Cells, Cells]>([
    ['a last day that is past', {}, { ends: '01.11.2026' }],
    ['a nearer last day', { ends: '01.11.2030' }, { ends: '22.11.2026' }],
    ['a last day instead of none', {}, { ends: '22.11.2036' }],
    ['a past last day where the term was unknown', { ends: '' }, { ends: '01.11.2026' }],
    [
      'a served entry in the register',
      { measure: 'реестр контролируемых лиц' },
      { measure: 'реестр контролируемых лиц', status: 'исполнено' },
    ],
  ])('a corrected list states %s: it stands as before until another officer agrees', async (_, before, after) => {
    await bring(list(before))
    const first = await measure()
    await bring(list(after))
    const { term, ends_on, status } = await measure()
    expect([term, String(ends_on), status]).toEqual([first.term, String(first.ends_on), first.status])
    expect(await inForce()).toEqual([true])
    expect(await open()).toMatchObject([{ wanted: 'ended', proposed_by: x.embassy.officer.user_id }])
    await confirm()
    const now = await measure()
    expect([now.term, String(now.ends_on), now.status]).not.toEqual([first.term, String(first.ends_on), first.status])
    expect(await open()).toEqual([])
  })

  test('a later version of the list that states it longer again withdraws what waits', async () => {
    await bring(list({ ends: '01.11.2030' }))
    await bring(list({ ends: '01.11.2026' }))
    expect(await open()).toHaveLength(1)
    await bring(list({ ends: '01.11.2030', ground: 'ст. 27' }))
    expect(await open()).toEqual([])
    expect(String((await measure()).ends_on)).toBe('2030-11-01')
  })

  test('a longer or a first term is joined at once', async () => {
    await bring(list({ ends: '' }))
    await bring(list({ ends: '01.11.2029' }))
    expect(String((await measure()).ends_on)).toBe('2029-11-01')
    await bring(list({ ends: '01.11.2030' }))
    expect(String((await measure()).ends_on)).toBe('2030-11-01')
    await bring(list({ ends: 'бессрочно' }))
    expect((await measure()).term).toBe('indefinite')
    expect(await open()).toEqual([])
  })

  test.each(['an answer', 'a list'])('%s states an end that is refused: until when is asked again', async (by) => {
    await bring(list({ ends: '' }))
    if (by === 'a list') await bring(list({ ends: '01.11.2026' }))
    else await reply('term', { term: 'until', ends_on: day('2020-01-01') })
    expect(await questions()).toEqual([])
    const [ended] = await open()
    await x.as(x.service.officer, (ctx) => decide(ctx, ended!, 'refused'))
    expect(await questions()).toMatchObject([{ about: 'term', answered_at: null }])
    await reply('term', { term: 'until', ends_on: day('2030-01-01') })
    expect([await questions(), String((await measure()).ends_on)]).toEqual([[], '2030-01-01'])
  })

  test('an answer with a day that is over waits for another officer, its words are kept', async () => {
    await bring(list({ ends: '' }))
    expect(await reply('term', { term: 'until', ends_on: day('2020-01-01') })).toBe(false)
    expect(await inForce()).toEqual([true])
    expect(await questions()).toEqual([])
    const [correction] = await open()
    expect(correction).toMatchObject({ wanted: 'ended', ends_on: day('2020-01-01'), reason: 'As the letter says' })
    await expect(x.as(x.embassy.officer, (ctx) => decide(ctx, correction!, 'confirmed'))).rejects.toMatchObject({
      kind: 'conflict',
    })
    await confirm()
    expect(await inForce()).toEqual([false])
  })

  test('nor in two steps: an end that was left out since is still the one it had', async () => {
    await bring(list({ ends: 'бессрочно' }))
    await bring(list({ ends: '' }))
    expect(await reply('term', { term: 'until', ends_on: day('2026-11-22') })).toBe(false)
    expect(await open()).toMatchObject([{ wanted: 'ended' }])
  })

  test('nor where a length was stated: another day, or a shorter length, takes two; its first day does not', async () => {
    const length = { measure: 'депортация', ends: '5 лет' }
    await bring(list(length))
    await bring(list({ ...length, ends: '22.11.2026' }))
    expect(await open()).toMatchObject([{ wanted: 'ended' }])
    await bring(list({ ...length, ends: '1 год' }))
    expect(await open()).toMatchObject([{ wanted: 'ended', ends_on: null }])
    await bring(list({ ...length, issuer: 'УМВД' }))
    expect(await open()).toEqual([])
  })

  test('what two officers decided of an end stays, whatever list comes again, until two decide otherwise', async () => {
    await bring(list({ ends: '01.11.2031' }))
    await bring(list({ ends: '01.11.2026' }))
    await confirm()
    await bring(list({ ends: '01.11.2031', issuer: 'УМВД' }))
    expect([String((await measure()).ends_on), await inForce()]).toEqual(['2026-11-01', [false]])
    const { measure_id } = await measure()
    await x.as(x.embassy.officer, (ctx) => propose(ctx, measure_id, 'in_force', 'It was counted wrongly'))
    await confirm()
    expect([(await measure()).term, await inForce()]).toEqual(['unknown', [true]])
    expect(await questions()).toMatchObject([{ about: 'term', from_organisation: x.service.id, cell: '01.11.2031' }])
    await reply('term', { term: 'until', ends_on: day('2030-01-01') })
    expect([await questions(), String((await measure()).ends_on)]).toEqual([[], '2030-01-01'])
  })

  test('the same of a served entry in the register', async () => {
    const entry = { measure: 'реестр контролируемых лиц' }
    await bring(list(entry))
    await bring(list({ ...entry, status: 'исполнено' }))
    await confirm()
    await bring(list({ ...entry, issuer: 'УМВД' }))
    expect(await inForce()).toEqual([false])
  })

  test('of two versions of a list that state another end each, the later waits', async () => {
    await bring(list({ ends: '01.11.2036' }))
    await bring(list({ ends: '22.11.2026' }))
    await bring(list({ ends: '01.11.2035' }))
    expect(await open()).toMatchObject([{ wanted: 'ended', ends_on: day('2035-11-01') }])
  })

  test('a first list that calls it over does not outweigh a later one that does not', async () => {
    await bring(list({ status: 'снято' }), `early letter ${of}`)
    await bring(list({}))
    expect(await inForce()).toEqual([true])
    expect(await open()).toMatchObject([{ wanted: 'lifted', proposed_by: null }])
  })
})

describe('what another letter states while an end waits for officers', () => {
  const waiting = async () => (await open()).map(({ wanted, ends_on }) => [wanted, ends_on && String(ends_on)])
  const all = async () => {
    const { measure_id } = await measure()
    return x.as(x.service.officer, (ctx) => listCorrections(ctx, { measure_id }))
  }
  const judge = async (wanted: string, outcome: 'confirmed' | 'refused', ends: string | null = null) => {
    const one = (await open()).find((c) => c.wanted === wanted && (!ends || String(c.ends_on) === ends))!
    return x.as(x.service.officer, (ctx) => decide(ctx, one, outcome))
  }
  const both = async () => {
    await bring(list({}))
    await bring(list({ ends: '01.11.2030' }), `letter A ${of}`)
    await bring(list({ status: 'снято' }), `letter B ${of}`)
  }
  const ENDED = ['ended', '2030-11-01']
  const LIFTED = ['lifted', null]

  test('waits beside it, each with its list, once however often both come', async () => {
    await both()
    expect(await waiting()).toEqual([ENDED, LIFTED])
    const lists = (await open()).map(({ stated_in }) => stated_in)
    expect(new Set(lists).size).toBe(2)
    for (const _ of [1, 2]) {
      await bring(list({ ends: '01.11.2030' }), `letter A ${of}`)
      await bring(list({ status: 'снято' }), `letter B ${of}`)
    }
    expect(await waiting()).toEqual([ENDED, LIFTED])
    expect(await all()).toHaveLength(2)
    expect(await inForce()).toEqual([true])
  })

  test('is still decided when the first is refused, or confirmed as an end to come', async () => {
    await both()
    await judge('ended', 'refused')
    expect(await waiting()).toEqual([LIFTED])
    await bring(list({ ends: '01.11.2030', issuer: 'УМВД' }), `letter A ${of}`)
    await judge('ended', 'confirmed')
    expect([String((await measure()).ends_on), await inForce(), await waiting()]).toEqual([
      '2030-11-01',
      [true],
      [LIFTED],
    ])
    await judge('lifted', 'confirmed')
    expect([(await measure()).status, await open()]).toEqual(['lifted', []])
  })

  test('is settled, visibly, by what makes it change nothing', async () => {
    await both()
    await judge('lifted', 'confirmed')
    expect((await all()).map(({ wanted, outcome, withdrawn_why }) => [wanted, outcome, withdrawn_why]).sort()).toEqual([
      ['ended', 'withdrawn', 'settled'],
      ['lifted', 'confirmed', null],
    ])
  })

  test('a nearer end stays open after a later one is agreed to; a later one is settled by a nearer', async () => {
    await bring(list({}))
    await bring(list({ ends: '01.11.2035' }), `letter A ${of}`)
    await bring(list({ ends: '01.11.2030' }), `letter B ${of}`)
    await bring(list({ ends: '01.11.2033' }), `letter C ${of}`)
    await judge('ended', 'confirmed', '2035-11-01')
    expect((await waiting()).sort()).toEqual([ENDED, ['ended', '2033-11-01']])
    await judge('ended', 'confirmed', '2030-11-01')
    expect([String((await measure()).ends_on), await waiting()]).toEqual(['2030-11-01', []])
  })

  test('the same end as two letters state it stays where one of them takes it back', async () => {
    await bring(list({}))
    await bring(list({ ends: '01.11.2030' }), `letter A ${of}`)
    await bring(list({ ends: '01.11.2030', ground: 'ст. 27' }), `letter B ${of}`)
    expect(await waiting()).toEqual([ENDED, ENDED])
    await bring(list({ ground: 'ст. 28' }), `letter A ${of}`)
    expect(await waiting()).toEqual([ENDED])
    await judge('ended', 'confirmed')
    expect(await waiting()).toEqual([])
  })

  test('is lifted on the day that the list states, also where another list says otherwise later', async () => {
    await bring(list({}))
    await bring(list({ status: 'снято 01.02.2026' }), `letter B ${of}`)
    const [lifted] = await open()
    expect(wantedText(database.ctx({ lang: 'en' }), lifted!).replaceAll('\u00a0', ' ')).toBe('lifted, 1 February 2026')
    await judge('lifted', 'confirmed')
    expect([(await measure()).status, String((await measure()).status_on)]).toEqual(['lifted', '2026-02-01'])
  })

  test('the day of a lift goes with it to the officers who choose between two lists', async () => {
    await bring(list({ status: 'снято 01.02.2026' }))
    await bring(list({ status: 'действует' }), `letter B ${of}`)
    expect(await inForce()).toEqual([true])
    await judge('lifted', 'confirmed')
    const [lifted] = await open()
    expect(String(lifted!.status_on)).toBe('2026-02-01')
    await x.as(x.service.second, (ctx) => decide(ctx, lifted!, 'confirmed'))
    expect([(await measure()).status, String((await measure()).status_on)]).toEqual(['lifted', '2026-02-01'])
  })

  test('neither takes one officer alone, who brought both lists', async () => {
    await both()
    for (const one of await open())
      await expect(x.as(x.embassy.officer, (ctx) => decide(ctx, one, 'confirmed'))).rejects.toMatchObject({
        kind: 'conflict',
      })
    expect(await inForce()).toEqual([true])
  })

  test('two officers who decide at the same moment on two of them both have their say', async () => {
    await both()
    const [ended, lifted] = await open()
    const done = await Promise.allSettled([
      x.as(x.service.officer, (ctx) => decide(ctx, ended!, 'confirmed')),
      x.as(x.service.second, (ctx) => decide(ctx, lifted!, 'confirmed')),
    ])
    expect(done[1]!.status).toBe('fulfilled')
    if (done[0]!.status === 'rejected') expect(done[0]!.reason).toMatchObject({ kind: 'conflict' })
    expect([(await measure()).status, await open()]).toEqual(['lifted', []])
  })

  test('an officer may say beside it that it is another’s, or answer until when; the same as a list says they decide there', async () => {
    await bring(list({ ends: '' }))
    await bring(list({ status: 'снято', ends: '' }), `letter B ${of}`)
    const { measure_id } = await measure()
    await expect(
      x.as(x.service.officer, (ctx) => propose(ctx, measure_id, 'lifted', 'A letter')),
    ).rejects.toMatchObject({ kind: 'conflict' })
    expect(await reply('term', { term: 'until', ends_on: day('2020-01-01') })).toBe(false)
    expect((await waiting()).sort()).toEqual([['ended', '2020-01-01'], LIFTED])
    await expect(
      x.as(x.service.officer, (ctx) => propose(ctx, measure_id, 'not_me', 'Another man')),
    ).rejects.toMatchObject({ kind: 'conflict' })
    await judge('ended', 'refused')
    await x.as(x.service.second, (ctx) => propose(ctx, measure_id, 'not_me', 'Another man'))
    await judge('not_me', 'confirmed')
    expect([(await measure()).status, await open()]).toEqual(['not_me', []])
  })

  test('one officer alone brings no end forward by leaving its first day open between', async () => {
    const ban = (left: string, term: string, by = '') =>
      `№;ФИО;Д.р.;Паспорт;Мера;Основание;Номер решения;Дата решения;Дата выезда;Срок запрета;Орган\n1;Намунаев Далер;14.02.1990;E1234${of}678;неразрешение въезда;ст. 26;E-${of};05.02.2026;${left};${term};${by}\n`
    await bring(ban('', '3 года'))
    expect(String((await measure()).ends_on)).toBe('2029-02-05')
    await bring(ban('', '3 года со дня выезда'))
    expect((await measure()).term).toBe('unknown')
    await bring(ban('20.01.2026', '3 года со дня выезда'))
    expect((await measure()).term).toBe('unknown')
    expect(await waiting()).toEqual([['ended', '2029-01-20']])
  })
})

describe('a corrected list', () => {
  test('that is silent keeps what was answered', async () => {
    await bring(list({ ground: '', ends: '' }))
    expect(await reply('term', { term: 'until', ends_on: day('2029-06-01') })).toBe(true)
    await reply('ground', { ground: 'ст. 26' })
    await bring(list({ ground: '', ends: '', issuer: 'УМВД' }))
    const { term, ends_on, ground } = await measure()
    expect([term, String(ends_on), ground]).toEqual(['until', '2029-06-01', 'ст. 26'])
    expect(await questions()).toEqual([])
  })

  test('that states what was asked ends the question, also an officer’s', async () => {
    await bring(list({ ends: '' }))
    const { measure_id } = await measure()
    const batch = await x.batch()
    await x.as(x.foreign.officer, (ctx) => ask(ctx, batch, measure_id, 'term', 'Until when?'))
    await bring(list({ ends: '01.06.2029' }))
    expect(await questions()).toEqual([])
    const [asked] = (await x.as(x.foreign.officer, (ctx) => listQuestions(ctx, { limit: 50 }))).filter(
      (one) => one.measure_id === measure_id,
    )
    expect(asked).toMatchObject({ answer: '', stated_in: (await x.batch()).reference })
    const [state] = await database.owner
      .selectFrom('expulsions.delivery_row')
      .select('state')
      .where('batch_id', '=', batch.id)
      .where('to_organisation', '=', x.foreign.id)
      .execute()
    expect(state).toEqual({ state: 'answered' })
  })

  test('in which the term is lacking still asks for it', async () => {
    await bring(list({ ends: '01.06.2029' }))
    await bring(list({ ends: '' }))
    expect((await measure()).term).toBe('unknown')
    expect((await questions()).map(({ about }) => about)).toEqual(['term'])
  })
})

describe('a newer version of a list that lacks a row', () => {
  const other = (number: number) =>
    row(number, { no: `E-${of}/${number}`, ground: 'ст. 26' })
      .replace('14.02.1990', `1${number}.03.1991`)
      .replace('Далер', 'Сомон')
      .replace('678', `67${number}`)
  const news = async (office: 'embassy' | 'service') =>
    (
      await database.owner
        .selectFrom('notifications.notification')
        .select('message_values')
        .where('message_key', '=', 'expulsions.notice.lacking')
        .where('user_id', '=', x[office].officer.user_id)
        .execute()
    ).map(({ message_values }) => message_values)

  test('changes nothing, and is told to whoever brought it and the Migration Service, once', async () => {
    const all = `${list({})}${other(2)}${other(3)}`
    await bring(all)
    const { reference, id } = await x.batch()
    // Nothing else changes, so that no batch is made of it.
    expect(await bring(all.replace(row(1, {}), ''))).toMatchObject({ created: 0, updated: 0, same: 2 })
    expect((await x.batch()).id).toBe(id)
    const job = () => noteLacking(database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }))
    await job()
    await job()
    expect(await inForce()).toEqual([true])
    for (const office of ['embassy', 'service'] as const) expect(await news(office)).toEqual([{ reference, rows: 1 }])
    const { measure_id } = await measure()
    const seen = (actor: StaffActor) => x.as(actor, (ctx) => lacking(ctx, { batch_id: id }))
    const known = await database.owner
      .selectFrom('expulsions.measure')
      .select('reference')
      .where('id', '=', measure_id)
      .executeTakeFirstOrThrow()
    for (const office of ['embassy', 'service'] as const) expect(await seen(x[office].officer)).toMatchObject([known])
    expect(await seen(x.foreign.officer)).toEqual([])
    // Back again, it is lacking no more.
    await bring(`${all} `)
    await job()
    expect(await seen(x.embassy.officer)).toEqual([])
  })

  test('another list under the same letter is no version of it', async () => {
    await bring(`${list({})}${other(2)}${other(3)}`)
    await bring(`${HEADINGS};Статус;Орган\n${other(4)}`)
    await noteLacking(database.ctx({ db: database.owner, actor: { kind: 'system', task: 'test' } }))
    expect(
      await x.as(x.embassy.officer, async (ctx) => lacking(ctx, { measure_id: (await measure()).measure_id })),
    ).toEqual([])
  })
})

describe('a list that states one decision twice, otherwise each time', () => {
  const refused = async (import_id: string) =>
    database.owner
      .selectFrom('imports.row')
      .select(['number', 'notes'])
      .where('import_id', '=', import_id)
      .where('state', '=', 'error')
      .execute()

  test('says it once: the second row is refused and names the first, however often the list comes', async () => {
    const twice = list({ ground: 'ст. 26' }, { ground: 'ст. 26 ч. 1' })
    const done = await bring(twice)
    expect(done).toMatchObject({ created: 1, errors: 1 })
    expect(await refused(done.id)).toMatchObject([
      { number: 3, notes: { '': { key: 'expulsions.import.restated', values: { row: 2 } } } },
    ])
    expect(await bring(`${twice} `)).toMatchObject({ created: 0, updated: 0, same: 1, errors: 1 })
    const corrected = await bring(list({ ground: 'ст. 26 п. 7' }))
    expect(corrected).toMatchObject({ created: 0, updated: 1, errors: 0 })
    expect(await stated()).toMatchObject([{ ground: 'ст. 26 п. 7', version: 2 }])
    await x.as(x.embassy.officer, async (ctx) => propose(ctx, (await measure()).measure_id, 'not_me', 'Another man'))
    await confirm()
    expect(await inForce()).toEqual([false])
  })

  test('the rows far apart', async () => {
    const others = Array.from(
      { length: 600 },
      (_, at) =>
        `${at + 2};Мисолов Сомон;0${(at % 9) + 1}.03.19${60 + (at % 40)};F${of}00${1000 + at};депортация;ст. 1;F${of}-${at};бессрочно;;\n`,
    )
    const far = `${list({ ground: 'ст. 26' })}${others.join('')}${row(700, { ground: 'ст. 27' })}`
    expect(await bring(far)).toMatchObject({ created: 601, errors: 1 })
    expect(await stated()).toMatchObject([{ ground: 'ст. 26' }])
    expect(await bring(`${far} `)).toMatchObject({ created: 0, updated: 0, same: 601, errors: 1 })
  })

  test('once as over and, far below, once not: it is not over', async () => {
    const others = Array.from({ length: 600 }, (_, at) =>
      row(at + 2, { no: `E-${of}-${at}` })
        .replace('14.02.1990', '15.02.1990')
        .replace(`E1234${of}678`, `G${of}00${1000 + at}`),
    )
    const far = `${list({ status: 'снято' })}${others.join('')}${row(700, {})}`
    expect(await bring(far)).toMatchObject({ created: 601, errors: 1 })
    expect(await inForce()).toEqual([true])
    expect(await bring(`${far} `)).toMatchObject({ created: 0, updated: 0, same: 601, errors: 1 })
  })

  test('once as over and once not: it is not over', async () => {
    const done = await bring(list({ status: 'снято' }, {}))
    expect(done).toMatchObject({ created: 1, errors: 1 })
    expect(await refused(done.id)).toMatchObject([{ number: 2 }])
    expect(await inForce()).toEqual([true])
  })

  test('word for word the same is no error', async () => {
    expect(await bring(list({}, {}))).toMatchObject({ created: 1, same: 1, errors: 0 })
  })

  test('two decisions against one person stay two', async () => {
    expect(await bring(list({}, { no: `E-${of}/2` }))).toMatchObject({ created: 2, errors: 0 })
  })
})

test('what one office keeps twice is corrected in both places', async () => {
  await bring(list({}))
  // As it was kept before a list could not state a decision twice.
  const first = await measure()
  const { owner } = database
  const id = newId()
  const { custodian } = await owner
    .selectFrom('expulsions.measure')
    .select('custodian')
    .where('id', '=', first.measure_id)
    .executeTakeFirstOrThrow()
  const before = await owner
    .selectFrom('expulsions.statement')
    .selectAll()
    .where('measure_id', '=', first.measure_id)
    .executeTakeFirstOrThrow()
  const keys = await owner
    .selectFrom('expulsions.measure_key')
    .selectAll()
    .where('measure_id', '=', first.measure_id)
    .execute()
  await owner
    .insertInto('expulsions.measure')
    .values({ id, reference: `TWIN${of}`, custodian, latest: 1, content: Buffer.from('other') })
    .execute()
  await owner
    .insertInto('expulsions.statement')
    .values({ ...before, measure_id: id })
    .execute()
  await owner
    .insertInto('expulsions.measure_key')
    .values(keys.map((key) => ({ ...key, measure_id: id })))
    .execute()
  await x.as(x.service.officer, (ctx) => propose(ctx, first.measure_id, 'lifted', 'A letter'))
  const [correction] = await open()
  await x.as(x.service.second, (ctx) => decide(ctx, correction!, 'confirmed'))
  const followed = await x.as(x.embassy.officer, (ctx) => listCorrections(ctx, { measure_id: id, open: true }))
  expect(followed).toMatchObject([{ wanted: 'lifted', follows: true }])
  // A later list is about the first of them, and refused no more.
  expect(await bring(list({ ground: 'ст. 30' }))).toMatchObject({ updated: 1, errors: 0 })
})

test('what a list proposes about somebody who was protected meanwhile is told to no office that may not hear of them', async () => {
  const { owner } = database
  const csv = (cells: Cells) => list(cells).replace('неразрешение въезда', 'депортация')
  await owner
    .insertInto('expulsions.route')
    .values({
      ...{
        id: newId(),
        from_organisation: x.service.id,
        to_organisation: x.embassy.id,
        mandate: 'Back',
        act: 'Sample act',
      },
      ...{ term_hours: 24, since: NOW },
    })
    .execute()
  const service = (text: string) =>
    importFile(
      database.ctx({ actor: x.service.officer, db: owner }),
      listImport,
      { name: `${++files}.csv`, bytes: Buffer.from(text) },
      { source: `service ${of}` },
    )
  await service(csv({}))
  const { measure_id, record_id } = await measure()
  const { person_id } = await owner
    .selectFrom('people.link')
    .select('person_id')
    .where('record_id', '=', record_id)
    .executeTakeFirstOrThrow()
  await owner.insertInto('people.protection').values({ id: newId(), person_id, flag: 'victim', since: NOW }).execute()
  await service(csv({ ends: '22.11.2036' }))
  const seen = (actor: StaffActor) => x.as(actor, (ctx) => listCorrections(ctx, { measure_id, open: true }))
  expect(await seen(x.service.second)).toMatchObject([{ wanted: 'ended' }])
  expect(await seen(x.embassy.officer)).toEqual([])
  const { reference } = await owner
    .selectFrom('expulsions.batch')
    .select('reference')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const told = await owner
    .selectFrom('notifications.notification')
    .select('user_id')
    .where('message_key', '=', 'expulsions.notice.decide')
    .where(sql<boolean>`message_values ->> 'reference' = ${reference}`)
    .execute()
  const ofEmbassy = [x.embassy.officer.user_id, x.embassy.second.user_id]
  expect([told.length > 0, told.some(({ user_id }) => ofEmbassy.includes(user_id))]).toEqual([true, false])
  const [correction] = await seen(x.service.second)
  await expect(x.as(x.embassy.officer, (ctx) => decide(ctx, correction!, 'confirmed'))).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

test('of a measure that is over nothing else goes to whoever holds it than that', async () => {
  await bring(list({ ground: '' }))
  const { measure_id, record_id } = await measure()
  const { person_id } = await database.owner
    .selectFrom('people.link')
    .select('person_id')
    .where('record_id', '=', record_id)
    .executeTakeFirstOrThrow()
  await database.owner
    .insertInto('people.protection')
    .values({ id: newId(), person_id, flag: 'victim', since: NOW })
    .execute()
  await reply('ground', { ground: 'Witness' })
  await x.as(x.embassy.officer, (ctx) => propose(ctx, measure_id, 'lifted', 'A court'))
  await confirm()
  const given = await database.owner
    .selectFrom('expulsions.delivery_row')
    .select('version')
    .where('measure_id', '=', measure_id)
    .where('to_organisation', '=', x.foreign.id)
    .execute()
  expect(given).toEqual([{ version: 1 }])
})

test('that a measure is over reaches those who hold it, also about somebody who was protected meanwhile', async () => {
  await bring(list({}))
  const { measure_id, record_id } = await measure()
  const { person_id } = await database.owner
    .selectFrom('people.link')
    .select('person_id')
    .where('record_id', '=', record_id)
    .executeTakeFirstOrThrow()
  await database.owner
    .insertInto('people.protection')
    .values({ id: newId(), person_id, flag: 'victim', since: NOW })
    .execute()
  const has = async () =>
    (
      await database.owner
        .selectFrom('expulsions.delivery_row')
        .select('version')
        .where('measure_id', '=', measure_id)
        .where('to_organisation', '=', x.foreign.id)
        .orderBy('version')
        .execute()
    ).map(({ version }) => version)
  await x.as(x.embassy.officer, (ctx) => propose(ctx, measure_id, 'lifted', 'A court'))
  await confirm()
  expect(await has()).toEqual([1, 2])
  // What a list states anew about the person is held all the same.
  await x.as(x.embassy.officer, (ctx) => propose(ctx, measure_id, 'in_force', 'By mistake'))
  await confirm()
  expect(await has()).toEqual([1, 2])
})

test('the database and the program agree on what is over', async () => {
  const today = day('2026-11-21')
  const cases = MEASURES.flatMap((kind) =>
    STATUSES.flatMap((status) =>
      [null, today.subtract({ days: 1 }), today, today.add({ days: 1 })].map((ends_on) => ({ kind, status, ends_on })),
    ),
  )
  const { rows } = await sql<{ over: boolean }>`
    select expulsions.is_over(x.kind, x.status, x.ends_on, ${today}) as over
    from ${recordset(
      cases.map((one, at) => ({ ...one, at })),
      { kind: 'text', status: 'text', ends_on: 'date', at: 'integer' },
    )} x
    order by x.at`.execute(database.owner)
  expect(rows.map(({ over }) => !over)).toEqual(cases.map((one) => isInForce(one, today)))
})

test('a list of five hundred that may all be one man goes in', async () => {
  const rows = Array.from({ length: 500 }, (_, at) => row(at + 1, { no: `E-${of}/${at}` }).replace(`E1234${of}678`, ''))
  expect(await bring(`${HEADINGS};Статус;Орган\n${rows.join('')}`)).toMatchObject({ created: 500, errors: 0 })
})
