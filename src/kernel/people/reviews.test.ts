import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { StaffActor } from '../context.ts'
import { newId } from '../ids.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { Problem } from '../problem.ts'
import type { StatedRecord } from './facts.ts'
import { type Registry, registryOf } from './fixtures/registry.ts'
import { mergePersons, refusing, splitRecord, takeBack } from './identity.ts'
import { proposeReview, standingOf } from './proposals.ts'
import { mayRelay, protect, RECIPIENTS, unprotect } from './protection.ts'
import { countReviews, decideReview, decisionsOf, reviewQueue, undoReview } from './reviews.ts'
import { personWork } from './work.ts'

let database: TestDatabase
let registry: Registry
let first: StaffActor
let second: StaffActor
beforeAll(async () => {
  database = await testDatabase()
  registry = await registryOf(database)
  first = await registry.officer(registry.national)
  second = await registry.officer(registry.national)
})
afterAll(() => database.drop())

const SENSITIVE = ['foreign_affairs', 'security', 'interior', 'border', 'carrier']
let day = 0
const FAMILIES = [
  'Сафаров',
  'Назаров',
  'Ҷӯраев',
  'Холов',
  'Мирзоев',
  'Ғафуров',
  'Давлатов',
  'Раҷабов',
  'Зоиров',
  'Қодиров',
  'Шарипов',
  'Тағоев',
]
const GIVEN = [
  'Бахтиёр',
  'Далер',
  'Сино',
  'Умед',
  'Рустам',
  'Эраҷ',
  'Меҳроб',
  'Парвиз',
  'Ҳотам',
  'Ориф',
  'Фирдавс',
  'Нуриддин',
]
/** A record nobody else is like, by name and date. */
const somebody = (row: Partial<StatedRecord> = {}): Partial<StatedRecord> => ({
  names: [{ family: FAMILIES[++day % 12]!, given: GIVEN[day % 12]!, patronymic: `${GIVEN[(day + 5) % 12]!}ович` }],
  birth: 19_500_000 + (day % 12) * 30_100 + 115 + day,
  sex: 'male',
  ...row,
})
const received = async (row: Partial<StatedRecord>) => (await registry.receive(registry.national, row))[0]!
const reviewOf = (record_id: string) =>
  database.owner.selectFrom('people.review').selectAll().where('record_id', '=', record_id).executeTakeFirst()
const rootOf = async (id: string) =>
  (await database.owner.selectFrom('people.person').select('root').where('id', '=', id).executeTakeFirstOrThrow()).root
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.kind : error),
  )

describe('linking by itself', () => {
  test('a son, a father and a brother are not chained', async () => {
    const house = { home_district: 'ноҳияи Чашмасор', citizenship: 'TJ', sex: 'male' as const }
    const people = await registry.receive(
      registry.national,
      { ...house, names: [{ family: 'Раҳимов', given: 'Саид', patronymic: 'Алиевич' }], birth: 19550310 },
      { ...house, names: [{ family: 'Раҳимов', given: 'Алӣ', patronymic: 'Саидович' }], birth: 19800310 },
      { ...house, names: [{ family: 'Раҳимов', given: 'Салим', patronymic: 'Саидович' }], birth: 19820310 },
      { ...house, names: [{ family: 'Раҳимов', given: 'Ҳалим', patronymic: 'Саидович' }], birth: 19820310 },
    )
    expect(new Set(people.map(({ person_id }) => person_id)).size).toBe(4)
  })

  test('a record that contradicts one of the records of a person waits, however well it fits another', async () => {
    const one = somebody({ documents: [{ kind: 'passport', number: 'A1112223' }] })
    const { person_id } = await received(one)
    const linked = await received({ ...one, sex: null })
    expect(linked).toMatchObject({ outcome: 'linked', person_id })
    // The same but a woman, says the paper: no conflict with the second record, one with the first.
    const woman = await received({
      ...one,
      citizenship: 'TJ',
      sex: 'female',
    })
    expect(woman.outcome).toBe('review')
    expect(woman.person_id).not.toBe(person_id)
  })
})

describe('an adverse row', () => {
  const ban = (one: Partial<StatedRecord>, more: Partial<StatedRecord> = {}) =>
    received({ ...one, citizenship: 'TJ', adverse: true, ...more })

  test('attaches by document and whole birth date, and by nothing that is only alike', async () => {
    const one = somebody({ documents: [{ kind: 'passport', number: 'A5556661' }] })
    const { person_id } = await received(one)
    expect(await ban(one)).toMatchObject({ outcome: 'linked', person_id })
    const other = somebody()
    const known = await received(other)
    const alike = await ban(other)
    expect(alike.outcome).toBe('review')
    expect(alike.person_id).not.toBe(known.person_id)
    expect(await reviewOf(alike.record_id)).toMatchObject({ adverse: true, other_id: known.person_id })
  })

  test('with the same document and another sex or birth date it waits', async () => {
    const one = somebody({ documents: [{ kind: 'passport', number: 'A7778881' }] })
    await received(one)
    expect((await ban(one, { sex: 'female' })).outcome).toBe('review')
    expect((await ban(one, { birth: one.birth! + 10_000 * 7 })).outcome).toBe('review')
    expect((await ban(one, { names: [{ family: 'Назаров', given: 'Далер', patronymic: 'Ҳакимович' }] })).outcome).toBe(
      'review',
    )
  })

  test('what comes after it is not attached to it by likeness either', async () => {
    const one = somebody()
    const banned = await ban(one)
    expect(banned.outcome).toBe('created')
    const regular = await received(one)
    expect(regular.outcome).toBe('review')
    expect(regular.person_id).not.toBe(banned.person_id)
  })

  test('takes two officers, who are two', async () => {
    const one = somebody()
    const known = await received(one)
    const { record_id, person_id } = await ban(one)
    const { id } = (await reviewOf(record_id))!
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await rootOf(person_id)).toBe(person_id)
    expect(await kindOf(registry.as(first, (ctx) => decideReview(ctx, id, 'same')))).toBe('conflict')
    expect((await registry.as(first, (ctx) => reviewQueue(ctx, 50))).map((review) => review.id)).not.toContain(id)
    expect((await registry.as(second, (ctx) => reviewQueue(ctx, 50))).map((review) => review.id)).toContain(id)
    // Nor by the way round the queue.
    expect(
      await kindOf(registry.as(first, (ctx) => mergePersons(ctx, person_id, known.person_id, { reason: 'officer' }))),
    ).toBe('forbidden')
    expect(
      await kindOf(
        registry.as(first, (ctx) =>
          mergePersons(ctx, person_id, known.person_id, { reason: 'review', second: second.user_id }),
        ),
      ),
    ).toBe('forbidden')
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await rootOf(person_id)).toBe(known.person_id)
    const event = await database.owner
      .selectFrom('people.event')
      .selectAll()
      .where('person_id', '=', person_id)
      .where('kind', '=', 'merge')
      .executeTakeFirstOrThrow()
    expect(event).toMatchObject({ actor_id: second.user_id, second_id: first.user_id, reason: 'review' })
    expect(event.weights_version).toBeTruthy()
    await registry.as(first, (ctx) => undoReview(ctx, id))
    expect(await rootOf(person_id)).toBe(person_id)
    expect(await reviewOf(record_id)).toMatchObject({ state: 'proposed', settled_at: null })
  })

  test('two officers who disagree settle nothing', async () => {
    const one = somebody()
    await received(one)
    const { record_id, person_id } = await ban(one)
    const { id } = (await reviewOf(record_id))!
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'different'))).toBe('unclear')
    expect(await rootOf(person_id)).toBe(person_id)
    expect((await reviewOf(record_id))!.settled_at).toBeNull()
  })
})

describe('a pair of which one record is parted from whom it was counted with', () => {
  const ban = (row: Partial<StatedRecord>) => received({ ...row, citizenship: 'TJ', adverse: true })
  const decided = async (id: string) => {
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  }
  const merged = async () => {
    const row = somebody()
    const [shown, hidden] = [await received(row), await received(somebody())]
    const event = await mergePersons(registry.system(), hidden.person_id, shown.person_id, { reason: 'officer' })
    return { row, shown, hidden, event }
  }

  test('is about whom that record is with now: by a split', async () => {
    const { row, shown, hidden } = await merged()
    const listed = await ban(row)
    const { person_id } = await registry.as(first, (ctx) => splitRecord(ctx, shown.record_id))
    const review = (await reviewOf(listed.record_id))!
    expect(review).toMatchObject({ other_record_id: shown.record_id, other_id: person_id })
    await decided(review.id)
    expect(await rootOf(listed.person_id)).toBe(person_id)
    expect(await rootOf(hidden.person_id)).not.toBe(person_id)
  })

  test('and by taking back the merge, before or after it was decided', async () => {
    const before = await merged()
    const turned = await mergePersons(
      registry.system(),
      before.shown.person_id,
      (await received(somebody())).person_id,
      {
        reason: 'officer',
      },
    )
    const listed = await ban(before.row)
    await registry.as(first, (ctx) => takeBack(ctx, turned))
    await decided((await reviewOf(listed.record_id))!.id)
    expect(await rootOf(listed.person_id)).toBe(await rootOf(before.shown.person_id))

    const row = somebody()
    const [shown, hidden] = [await received(row), await received(somebody())]
    const event = await mergePersons(registry.system(), shown.person_id, hidden.person_id, { reason: 'officer' })
    const after = await ban(row)
    await decided((await reviewOf(after.record_id))!.id)
    expect(await rootOf(after.person_id)).toBe(hidden.person_id)
    await registry.as(first, (ctx) => takeBack(ctx, event))
    expect(await rootOf(after.person_id)).toBe(shown.person_id)
  })

  test('stays different when the one record is parted from whom it was counted with, until that is taken back', async () => {
    const [one, beside, other] = [await received(somebody()), await received(somebody()), await received(somebody())]
    const id = await registry.as(first, (ctx) => proposeReview(ctx, one.person_id, other.person_id))
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'different'))).toBe('different')
    await mergePersons(registry.system(), beside.person_id, one.person_id, { reason: 'officer' })
    const { person_id } = await registry.as(second, (ctx) => splitRecord(ctx, one.record_id))
    const standing = () => registry.as(second, (ctx) => standingOf(ctx, person_id, other.person_id))
    expect(await standing()).toMatchObject({ apart: true })
    await registry.as(first, (ctx) => undoReview(ctx, id))
    expect(await standing()).toMatchObject({ apart: false })
  })

  test('waits once, where it was put here again before the merge is taken back', async () => {
    const [one, other] = [await received(somebody()), await received(somebody())]
    const put = () => registry.as(first, (ctx) => proposeReview(ctx, one.person_id, other.person_id))
    const id = await put()
    await decided(id)
    const { event_id } = (await reviewOf(other.record_id))!
    const { person_id } = await registry.as(first, (ctx) => splitRecord(ctx, other.record_id))
    // Two officers are to say whether it returns: that the two are different is taken back, and it stays where it is.
    await database.owner.deleteFrom('people.apart').execute()
    const again = await registry.as(first, (ctx) => proposeReview(ctx, one.person_id, person_id))
    expect(again).not.toBe(id)
    await registry.as(first, (ctx) => takeBack(ctx, event_id!))
    const waiting = await database.owner
      .selectFrom('people.review')
      .select('id')
      .where('id', 'in', [id, again])
      .where('settled_at', 'is', null)
      .execute()
    expect(waiting).toEqual([{ id: again }])
  })
})

describe('a ban that two officers joined to whom they compared it with', () => {
  const decided = async (id: string) => {
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  }
  const blank = () => received({ home_district: `ноҳияи ${newId()}` })
  const join = (one: string, into: string) =>
    registry.as(first, (ctx) => mergePersons(ctx, one, into, { reason: 'officer' }))
  const personOf = async (record_id: string) =>
    (
      await database.owner
        .selectFrom('people.finding')
        .select('person_id')
        .where('record_id', '=', record_id)
        .executeTakeFirstOrThrow()
    ).person_id

  test.each([[0], [1]])(
    'stays with that one when somebody else is parted from them, whosever the ban is (%i)',
    async (joined) => {
      const row = somebody()
      const ban = await received({ ...row, citizenship: 'TJ', adverse: true })
      const known = await received(row)
      const review = (await reviewOf(known.record_id))!
      expect(review.other_record_id).toBe(ban.record_id)
      const [other, more] = [await blank(), await blank()]
      const slip = await join(known.person_id, other.person_id)
      // The ban's side may be somebody's too: then neither is whom it is counted as.
      const beside = joined
        ? await mergePersons(registry.system(), ban.person_id, more.person_id, { reason: 'officer' })
        : null
      const counted = () => Promise.all([known, other, ban, more].map(({ record_id }) => personOf(record_id)))
      const before = await counted()
      await decided(review.id)
      await registry.as(second, (ctx) => undoReview(ctx, review.id))
      expect(await counted()).toEqual(before)
      await registry.as(second, (ctx) => decideReview(ctx, review.id, 'same'))
      await registry.as(first, (ctx) => takeBack(ctx, slip))
      expect(await personOf(ban.record_id)).toBe(await personOf(known.record_id))
      expect(await personOf(other.record_id)).toBe(other.person_id)
      if (beside) await registry.as(first, (ctx) => takeBack(ctx, beside))
      expect(await personOf(ban.record_id)).toBe(await personOf(known.record_id))
      expect(await personOf(more.record_id)).toBe(more.person_id)
    },
  )
})

describe('the queue', () => {
  /** Likely, not certain: the surname has several slips. */
  const likely = async () => {
    const one = somebody({ documents: [{ kind: 'passport', number: `A99${1000 + day}` }] })
    const known = await received(one)
    const doubtful = await received({ ...one, sex: 'female' })
    expect(doubtful.outcome).toBe('review')
    return { known, doubtful, row: one, id: (await reviewOf(doubtful.record_id))!.id }
  }

  test('"different" is remembered: the same row from another list does not ask again about the two', async () => {
    const { known, doubtful, id } = await likely()
    const { all } = await registry.as(first, (ctx) => countReviews(ctx))
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'different'))).toBe('different')
    expect((await registry.as(first, (ctx) => countReviews(ctx))).all).toBe(all - 1)
    expect(
      await kindOf(
        registry.as(first, (ctx) => mergePersons(ctx, doubtful.person_id, known.person_id, { reason: 'officer' })),
      ),
    ).toBe('conflict')
    await registry.as(second, (ctx) => undoReview(ctx, id))
    expect((await registry.as(first, (ctx) => countReviews(ctx))).all).toBe(all)
  })

  test('in *My work*, pairs that harm nobody are due when the first of them is, whatever else is due before', async () => {
    await likely()
    const row = somebody({ documents: [{ kind: 'passport', number: 'A9955555' }] })
    await received(row)
    await received({ ...row, birth: row.birth! + 10_000, adverse: true })
    const queue = await registry.as(first, (ctx) => reviewQueue(ctx, 100))
    const [harmless] = queue.filter(({ adverse }) => !adverse)
    expect(queue[0]?.adverse).toBe(true)
    const items = (await registry.as(first, personWork)).map(({ href, due }) => [href, `${due}`])
    expect(items[0]).toEqual([`/work/people/review/${queue[0]!.id}`, `${queue[0]!.due_at}`])
    expect(items.at(-1)).toEqual(['/work/people/review', `${harmless!.due_at}`])
  })

  test('somebody faster: the second decision is a conflict; unclear waits on', async () => {
    const { id, doubtful, known } = await likely()
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'unclear'))).toBe('unclear')
    // Another sex: it takes two.
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await rootOf(doubtful.person_id)).toBe(known.person_id)
    expect(await kindOf(registry.as(second, (ctx) => decideReview(ctx, id, 'different')))).toBe('conflict')
  })
})

describe('two officers', () => {
  test('give a ban back to somebody who has got others since it was parted, and no single one', async () => {
    const row = somebody({ documents: [{ kind: 'passport', number: 'A3003003' }] })
    const { person_id } = await received(row)
    const banned = await received({ ...row, citizenship: 'TJ', adverse: true })
    expect(banned).toMatchObject({ outcome: 'linked', person_id })
    // As it was: one officer.
    const slip = await registry.as(first, (ctx) => splitRecord(ctx, banned.record_id))
    expect(await registry.as(first, (ctx) => takeBack(ctx, slip.event_id))).toEqual({ compare: null })

    const parted = await registry.as(first, (ctx) => splitRecord(ctx, banned.record_id))
    const other = await received({ home_district: 'ноҳияи Муъминобод' })
    await registry.as(first, (ctx) => mergePersons(ctx, person_id, other.person_id, { reason: 'officer' }))
    expect(
      await kindOf(
        registry.as(first, (ctx) =>
          refusing(sql`select people.take_back(${newId()}, ${parted.event_id}, ${ctx.now})`.execute(ctx.db)),
        ),
      ),
    ).toBe('forbidden')
    const { compare } = await registry.as(first, (ctx) => takeBack(ctx, parted.event_id))
    expect(compare).toEqual([parted.person_id, person_id])
    expect(await rootOf(parted.person_id)).not.toBe(await rootOf(person_id))
    const audited = await database.owner
      .selectFrom('audit.entry')
      .select('details')
      .where('action', '=', 'person.take_back')
      .where('subject_id', '=', parted.event_id)
      .executeTakeFirstOrThrow()
    expect(audited.details).toMatchObject({ kind: 'unapart', person_id: parted.person_id, record_id: banned.record_id })
    const id = await registry.as(first, (ctx) => proposeReview(ctx, ...compare!))
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await rootOf(parted.person_id)).toBe(await rootOf(person_id))
  })

  test('part a ban from whom it was joined to meanwhile only knowingly: a record does not go back without it', async () => {
    const row: Partial<StatedRecord> = {
      names: [{ family: 'Ёдгоров', given: 'Парвиз', patronymic: 'Шарифович' }],
      birth: 19310405,
      documents: [{ kind: 'passport', number: 'A3003004' }],
    }
    const { person_id } = await received(row)
    const more = await received({ ...row, citizenship: 'TJ' })
    expect(more).toMatchObject({ outcome: 'linked', person_id })
    const parted = await registry.as(first, (ctx) => splitRecord(ctx, more.record_id))
    const ban = await received({ names: [{ whole: 'Ёдгоров П.' }], adverse: true })
    const id = await registry.as(first, (ctx) => proposeReview(ctx, ban.person_id, parted.person_id))
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await registry.as(first, (ctx) => takeBack(ctx, parted.event_id))).toEqual({
      compare: [parted.person_id, person_id],
    })
    expect(await rootOf(ban.person_id)).toBe(parted.person_id)
    const { person_id: with_ban } = await database.owner
      .selectFrom('people.finding')
      .select('person_id')
      .where('record_id', '=', more.record_id)
      .executeTakeFirstOrThrow()
    expect(with_ban).toBe(parted.person_id)
  })

  test('see all records of both: nobody else is one of them, or learns that others came', async () => {
    const local = await registry.officer(registry.other)
    const row: Partial<StatedRecord> = {
      names: [{ family: 'Ёдгоров', given: 'Далер', patronymic: 'Шарифович' }],
      birth: 19320506,
    }
    const [known] = await registry.receive(registry.other, row)
    const [ban] = await registry.receive(registry.other, { ...row, citizenship: 'TJ', adverse: true })
    const { id } = (await reviewOf(ban!.record_id))!
    const decide = (decision: 'same' | 'different' | 'unclear', actor = local) =>
      kindOf(registry.as(actor, (ctx) => decideReview(ctx, id, decision)))
    expect(await decide('same')).toBe('done')
    const told = () =>
      registry.as(local, async (ctx) => ({
        waits: (await reviewQueue(ctx, 200)).some((review) => review.id === id),
        stands: (await decisionsOf(ctx, id)).map(({ undone_at, of_these }) => !undone_at && of_these),
      }))
    const before = await told()
    expect(before).toEqual({ waits: false, stands: [true] })
    const foreign = await received({ home_district: `ноҳияи ${newId()}` })
    await mergePersons(registry.system(), foreign.person_id, known!.person_id, { reason: 'officer' })
    expect(await told()).toEqual(before)
    // What they said was said of fewer.
    expect(await decide('same', first)).toBe('done')
    expect(await rootOf(ban!.person_id)).toBe(ban!.person_id)
    await registry.as(first, (ctx) => undoReview(ctx, id))
    expect(await decide('unclear')).toBe('done')
    expect(await decide('same')).toBe('forbidden')
    expect(await decide('different')).toBe('forbidden')

    // Whoever does not see the pair is told nothing of it.
    const stranger = await registry.officer(
      await createOrganisation(registry.system(), { kind: 'centre', country: 'TJ', names: { en: 'Third office' } }),
    )
    const ask = (what: string) =>
      registry.as(stranger, (ctx) => sql<{ told: unknown }>`select ${sql.raw(what)} as told`.execute(ctx.db))
    expect((await ask(`people.still_about('${id}', '')`)).rows).toEqual([{ told: null }])
    await expect(ask(`people.review_digest('${id}')`)).rejects.toThrow('permission denied')
  })

  test('see all records of both also where they take back what a colleague said', async () => {
    const local = await registry.officer(registry.other)
    const row = somebody()
    const [known] = await registry.receive(registry.other, row)
    const [listed] = await registry.receive(registry.other, { ...row, citizenship: 'TJ', adverse: true })
    const { id } = (await reviewOf(listed!.record_id))!
    const foreign = await received({ home_district: 'ноҳияи Ванҷ' })
    await mergePersons(registry.system(), foreign.person_id, known!.person_id, { reason: 'officer' })
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    expect(await kindOf(registry.as(local, (ctx) => undoReview(ctx, id)))).toBe('forbidden')
    expect(await reviewOf(listed!.record_id)).toMatchObject({ state: 'proposed' })
    // Their own word is theirs.
    await registry.as(local, (ctx) => decideReview(ctx, id, 'unclear'))
    await registry.as(local, (ctx) => undoReview(ctx, id))
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  })

  test('take back what their page showed, not what a colleague has said since: their own word would stand', async () => {
    const row = somebody({ documents: [{ kind: 'passport', number: 'A3003010' }] })
    const known = await received(row)
    const listed = await received({ ...row, documents: [], adverse: true })
    const { id } = (await reviewOf(listed.record_id))!
    const decide = (actor: StaffActor, decision: 'same' | 'unclear') =>
      registry.as(actor, (ctx) => decideReview(ctx, id, decision))
    const undo = (actor: StaffActor, shown?: string) => kindOf(registry.as(actor, (ctx) => undoReview(ctx, id, shown)))
    const last = async () =>
      (await registry.as(first, (ctx) => decisionsOf(ctx, id))).find(({ undone_at }) => !undone_at)?.id
    expect(await decide(first, 'same')).toBe('proposed')
    const own = await last()
    expect(await decide(second, 'same')).toBe('same')
    expect(await undo(first, own)).toBe('conflict')
    expect(await rootOf(listed.person_id)).toBe(await rootOf(known.person_id))
    const joined = await last()
    expect(await undo(first, joined)).toBe('done')
    const twice = registry.as(first, (ctx) => undoReview(ctx, id, joined))
    await expect(twice).rejects.toMatchObject({ details: { onward: { path: `/work/people/review/${id}` } } })
    expect(await last()).toBe(own)
  })

  test('are not made of one who says again what the other has taken back', async () => {
    const row: Partial<StatedRecord> = {
      names: [{ family: 'Ёдгоров', given: 'Умед', patronymic: 'Шарифович' }],
      birth: 19330607,
    }
    await received(row)
    const { id } = (await reviewOf((await received({ ...row, citizenship: 'TJ', adverse: true })).record_id))!
    await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))
    await registry.as(second, (ctx) => undoReview(ctx, id))
    await expect(
      registry.as(first, (ctx) =>
        sql`update people.decision set undone_at = null where review_id = ${id}`.execute(ctx.db),
      ),
    ).rejects.toThrow('stays so')
  })

  const brothers = async () => {
    const [salim, karim] = ['A8001001', 'A8002002'].map((number, at) => ({
      names: [{ family: 'Раҳимзода', given: at === 0 ? 'Салим' : 'Карим', patronymic: 'Аҳмадович' }],
      birth: at === 0 ? 19800310 : 19800910,
      sex: 'male' as const,
      documents: [{ kind: 'passport' as const, number }],
    }))
    const one = await received(salim!)
    const other = await received(karim!)
    const row = await received({
      names: [{ family: 'Раҳимзода', given: 'К.', patronymic: 'Аҳмадович' }],
      birth: 19800000,
      documents: [...salim!.documents, ...karim!.documents],
    })
    return { one, other, row }
  }

  test('are needed to join two brothers by a row that fits both', async () => {
    const { one, other, row } = await brothers()
    await mergePersons(registry.system(), row.person_id, other.person_id, { reason: 'officer' })
    expect(
      await kindOf(registry.as(first, (ctx) => mergePersons(ctx, row.person_id, one.person_id, { reason: 'officer' }))),
    ).toBe('forbidden')
    const id = await registry.as(first, (ctx) => proposeReview(ctx, row.person_id, one.person_id))
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await rootOf(row.person_id)).not.toBe(await rootOf(one.person_id))
  })

  test('mean the same records: what one said lapses when either side has got others since, and comes back with them', async () => {
    const one = somebody()
    const known = await received(one)
    const listed = await received({ ...one, citizenship: 'TJ', adverse: true })
    const { id } = (await reviewOf(listed.record_id))!
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    const blank = await received({ home_district: 'ноҳияи Лахш' })
    const event = await registry.as(first, (ctx) =>
      mergePersons(ctx, blank.person_id, known.person_id, { reason: 'officer' }),
    )
    const asks = async () => (await registry.as(first, (ctx) => reviewQueue(ctx, 200))).map((review) => review.id)
    expect(await asks()).toContain(id)
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await rootOf(listed.person_id)).toBe(listed.person_id)
    await registry.as(second, (ctx) => undoReview(ctx, id))
    await registry.as(first, (ctx) => takeBack(ctx, event))
    expect(await asks()).not.toContain(id)
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  })
})

describe('a pair that an officer proposes', () => {
  // Alike to whoever reads them, not to the matching: nothing made a review of them.
  const strangers = async (adverse: boolean) => {
    const known = await received(somebody({ names: [{ whole: 'Ализода Парвиз Саид' }] }))
    const other = await received(somebody({ names: [{ whole: 'Пулодова Гулнора Назаровна' }], adverse }))
    expect(other.outcome).toBe('created')
    return { known, other }
  }
  const propose = (actor: StaffActor, one: string, other: string) =>
    registry.as(actor, (ctx) => proposeReview(ctx, one, other))
  const byId = (id: string) =>
    database.owner.selectFrom('people.review').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const hoursOf = ({ opened_at, due_at }: Awaited<ReturnType<typeof byId>>) =>
    due_at.since(opened_at).total({ unit: 'hours' })

  test('with a ban waits a day, and takes two officers, of whom the proposer is none by proposing', async () => {
    const { known, other } = await strangers(true)
    const id = await propose(first, known.person_id, other.person_id)
    const review = await byId(id)
    // The ban is side A, whichever page it was proposed from.
    expect(review).toMatchObject({ state: 'open', adverse: true, record_id: other.record_id })
    expect(review).toMatchObject({
      person_id: other.person_id,
      other_id: known.person_id,
      custodians: [registry.national],
    })
    expect(hoursOf(review)).toBe(24)
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await rootOf(other.person_id)).toBe(other.person_id)
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await rootOf(other.person_id)).toBe(known.person_id)
    const lines = await database.owner
      .selectFrom('audit.entry')
      .select(['action', 'actor_id'])
      .where('subject_id', '=', id)
      .where('action', '=', 'person.propose')
      .execute()
    expect(lines).toEqual([{ action: 'person.propose', actor_id: first.user_id }])
  })

  test('decided while somebody takes back the split of one of its records keeps neither waiting for the other', async () => {
    for (let tries = 0; tries < 4; tries++) {
      const row: Partial<StatedRecord> = {
        names: [{ family: 'Ёдгоров', given: ['Сино', 'Ориф', 'Умед', 'Эраҷ'][tries]!, patronymic: 'Шарифович' }],
        birth: 19410203 + tries * 30_303,
        documents: [{ kind: 'passport', number: `A2121${200 + tries}` }],
      }
      const [{ person_id }, more] = [await received(row), await received({ ...row, citizenship: 'TJ' })]
      expect(more).toMatchObject({ outcome: 'linked', person_id })
      const split = await registry.as(first, (ctx) => splitRecord(ctx, more.record_id))
      const other = await received({ home_district: `ноҳияи ${newId()}` })
      const id = await propose(first, other.person_id, split.person_id)
      await Promise.all([
        registry.as(first, (ctx) => decideReview(ctx, id, 'unclear')),
        registry.as(second, (ctx) => takeBack(ctx, split.event_id)),
      ])
    }
  })

  test('without one waits as others do, and one officer decides where nothing speaks against it', async () => {
    const [known, other] = [await received(somebody()), await received({ home_district: 'ноҳияи Рашт' })]
    const id = await propose(first, known.person_id, other.person_id)
    const review = await byId(id)
    expect(review).toMatchObject({ adverse: false, person_id: other.person_id, other_id: known.person_id })
    expect(hoursOf(review)).toBe(24 * 14)
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  })

  test('that waits already does not wait twice, from whichever page, nor after a merge of either', async () => {
    const { known, other } = await strangers(true)
    const id = await propose(first, known.person_id, other.person_id)
    expect(await propose(second, other.person_id, known.person_id)).toBe(id)
    const third = await received(somebody({ names: [{ whole: 'Ёқубова Ситора' }] }))
    await mergePersons(registry.system(), known.person_id, third.person_id, { reason: 'officer' })
    expect(await propose(second, third.person_id, other.person_id)).toBe(id)
    expect(await registry.as(second, (ctx) => standingOf(ctx, third.person_id, other.person_id))).toEqual({
      ...{ one: false, whole: true, apart: false, adverse: true, waiting: id },
    })
  })

  test('that was found different, or is one, is not compared again until that is taken back', async () => {
    const { known, other } = await strangers(true)
    const id = await propose(first, known.person_id, other.person_id)
    await registry.as(first, (ctx) => decideReview(ctx, id, 'different'))
    expect(await kindOf(propose(second, known.person_id, other.person_id))).toBe('conflict')
    await registry.as(first, (ctx) => undoReview(ctx, id))
    expect(await propose(second, known.person_id, other.person_id)).toBe(id)
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))
    const standing = await registry.as(second, (ctx) => standingOf(ctx, known.person_id, other.person_id))
    expect(standing).toMatchObject({ one: true, waiting: null })
  })

  test('is for whoever sees all records of both', async () => {
    const local = await registry.officer(registry.other)
    const row = somebody({ documents: [{ kind: 'passport', number: 'A4443332' }] })
    const { person_id: shared } = (await registry.receive(registry.other, row))[0]!
    const own = (await registry.receive(registry.other, somebody({ names: [{ whole: 'Ғуломова Рухшона' }] })))[0]!
    expect(await kindOf(propose(local, shared, own.person_id))).toBe('done')
    const another = (await registry.receive(registry.other, somebody({ names: [{ whole: 'Шодиева Нигина' }] })))[0]!
    expect(await received({ ...row, citizenship: 'TJ' })).toMatchObject({ outcome: 'linked', person_id: shared })
    expect(await registry.as(local, (ctx) => standingOf(ctx, shared, another.person_id))).toMatchObject({
      whole: false,
    })
    expect(await kindOf(propose(local, shared, another.person_id))).toBe('forbidden')
    const foreign = await received(somebody({ names: [{ whole: 'Ҳайдаров Сомон' }] }))
    expect(await kindOf(propose(local, own.person_id, foreign.person_id))).toBe('not_found')
    expect(await kindOf(propose(await registry.officer(registry.other, 'adviser'), shared, own.person_id))).toBe(
      'forbidden',
    )
  })

  test('a ban that came after the pair takes two officers as well', async () => {
    const row = somebody({ documents: [{ kind: 'passport', number: 'A4443335' }] })
    const known = await received(row)
    const other = await received(somebody({ names: [{ whole: 'Пулодова Гулнора Назаровна' }] }))
    const id = await propose(first, known.person_id, other.person_id)
    expect(await received({ ...row, citizenship: 'TJ', adverse: true })).toMatchObject({ outcome: 'linked' })
    expect(await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))).toBe('proposed')
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
  })
})

describe('what the queue decided, taken back from the page of the person', () => {
  const mergeOf = async (review_id: string) =>
    (
      await database.owner
        .selectFrom('people.review')
        .select('event_id')
        .where('id', '=', review_id)
        .executeTakeFirstOrThrow()
    ).event_id!
  const queueOf = async (actor: StaffActor) =>
    (await registry.as(actor, (ctx) => reviewQueue(ctx, 200))).map(({ id }) => id)
  const waitingPair = async () => {
    const one = somebody()
    const known = await received(one)
    const { record_id, person_id } = await received({ ...one, citizenship: 'TJ', adverse: true })
    return { known, person_id, record_id, id: (await reviewOf(record_id))!.id }
  }

  test('a merge by two officers: the pair waits for a second one again, nothing else is lost', async () => {
    const { id, record_id, person_id, known } = await waitingPair()
    await registry.as(first, (ctx) => decideReview(ctx, id, 'same'))
    await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))
    expect(await queueOf(second)).not.toContain(id)
    const event = await mergeOf(id)
    await registry.as(first, (ctx) => takeBack(ctx, event))
    expect(await reviewOf(record_id)).toMatchObject({ state: 'proposed', settled_at: null, event_id: null })
    expect(await queueOf(second)).toContain(id)
    expect(await queueOf(first)).not.toContain(id)
    expect(await registry.as(second, (ctx) => decideReview(ctx, id, 'same'))).toBe('same')
    expect(await rootOf(person_id)).toBe(known.person_id)
    await registry.as(second, (ctx) => undoReview(ctx, id))
    await registry.as(first, (ctx) => undoReview(ctx, id))
    expect(await reviewOf(record_id)).toMatchObject({ state: 'open', settled_at: null })
  })

  test('"different": the pair is open again', async () => {
    const { id, record_id } = await waitingPair()
    await registry.as(first, (ctx) => decideReview(ctx, id, 'different'))
    const event = await mergeOf(id)
    await registry.as(second, (ctx) => takeBack(ctx, event))
    expect(await reviewOf(record_id)).toMatchObject({ state: 'open', settled_at: null, event_id: null })
    expect(await queueOf(first)).toContain(id)
  })
})

describe('protection', () => {
  const may = (person: string) =>
    Promise.all(
      RECIPIENTS.map(async (recipient) => [recipient, await mayRelay(registry.system(), person, recipient)] as const),
    )
  const stopped = async (person: string) =>
    (await may(person))
      .filter(([, allowed]) => !allowed)
      .map(([recipient]) => recipient)
      .sort()

  test('stops every relay to foreign-affairs and security bodies, on every path, until it is lifted', async () => {
    const one = somebody()
    const { person_id } = await received(one)
    expect(await stopped(person_id)).toEqual([])
    await registry.as(first, (ctx) => protect(ctx, person_id, 'victim'))
    expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())

    // Whoever may be the same person, while nobody decided.
    const { record_id, person_id: banned } = await received({ ...one, adverse: true })
    expect(await stopped(banned)).toEqual([...SENSITIVE].sort())
    const { id } = (await reviewOf(record_id))!
    await registry.as(first, (ctx) => decideReview(ctx, id, 'different'))
    expect(await stopped(banned)).toEqual([])
    await registry.as(first, (ctx) => undoReview(ctx, id))

    // Whoever is merged with them, in either direction; after the merge is taken back each of them, until it is lifted there.
    const other = await received(somebody({ names: [{ whole: 'Ёров Умед' }] }))
    const event = await mergePersons(registry.system(), person_id, other.person_id, { reason: 'officer' })
    expect(await stopped(other.person_id)).toEqual([...SENSITIVE].sort())
    expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())
    await registry.as(first, (ctx) => takeBack(ctx, event))
    expect(await stopped(other.person_id)).toEqual([...SENSITIVE].sort())
    expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())
    await registry.as(first, (ctx) => unprotect(ctx, other.person_id, 'victim'))
    expect(await stopped(other.person_id)).toEqual([])
    expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())

    await registry.as(first, (ctx) => unprotect(ctx, person_id, 'victim'))
    expect(await stopped(person_id)).toEqual([])
  })

  test('set while two were counted as one stays with both, whoever goes; with each flag, and with a record that is parted or given back', async () => {
    const [a, b] = [await received(somebody()), await received(somebody())]
    const event = await mergePersons(registry.system(), a.person_id, b.person_id, { reason: 'officer' })
    await registry.as(first, (ctx) => protect(ctx, b.person_id, 'victim'))
    await registry.as(first, (ctx) => protect(ctx, b.person_id, 'child'))
    await registry.as(first, (ctx) => takeBack(ctx, event))
    expect(await stopped(a.person_id)).toEqual([...SENSITIVE].sort())
    await registry.as(first, (ctx) => unprotect(ctx, a.person_id, 'child'))
    expect(await stopped(a.person_id)).toEqual([...SENSITIVE].sort())

    const row = somebody({ documents: [{ kind: 'passport', number: 'A3131313' }] })
    const { person_id } = await received(row)
    const more = await received({ ...row, citizenship: 'TJ' })
    expect(more).toMatchObject({ outcome: 'linked', person_id })
    const apart = await registry.as(first, (ctx) => splitRecord(ctx, more.record_id))
    await registry.as(first, (ctx) => protect(ctx, apart.person_id, 'victim'))
    await registry.as(first, (ctx) => takeBack(ctx, apart.event_id))
    expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())
    const again = await registry.as(first, (ctx) => splitRecord(ctx, more.record_id))
    expect(await stopped(again.person_id)).toEqual([...SENSITIVE].sort())
  })

  test('set while somebody parts them stays with each of them', async () => {
    const [a, b] = [await received({ home_district: `${newId()}` }), await received({ home_district: `${newId()}` })]
    const event = await mergePersons(registry.system(), a.person_id, b.person_id, { reason: 'officer' })
    let parting: Promise<unknown> | undefined
    await registry.as(first, async (ctx) => {
      await protect(ctx, b.person_id, 'victim')
      parting = registry.as(second, (other) => takeBack(other, event))
      await Promise.race([parting, new Promise((resolve) => setTimeout(resolve, 500))])
    })
    await parting
    for (const { person_id } of [a, b]) expect(await stopped(person_id)).toEqual([...SENSITIVE].sort())
  })

  test('what is not known is stopped', async () => {
    const { person_id } = await received(somebody())
    expect(await mayRelay(registry.system(), person_id, 'anybody')).toBe(false)
    expect(await mayRelay(registry.system(), person_id, '')).toBe(false)
    expect(await mayRelay(registry.system(), '00000000-0000-7000-8000-000000000000', 'migration')).toBe(false)
  })

  // All of one name, of whom only the year of birth is known: as likely one as the other.
  const namesake = (family: string, number: number, given = 'Исфандиёр'): Partial<StatedRecord> => ({
    names: [{ family, given, patronymic: 'Ғафурович' }],
    birth: 19900000,
    sex: 'male',
    documents: [{ kind: 'passport', country: 'TJ', number: `N${number}`, issued_on: null, expires_on: null }],
  })

  test.each([4, 60])('of one of %i namesakes holds back a record that may be any of them', async (many) => {
    const family = many === 4 ? 'Қурбонов' : 'Тоҷибоев'
    for (let at = 1; at < many; at++) await received(namesake(family, 1_000_000 + many * 100 + at))
    const last = await received(namesake(`${family.slice(0, -2)}зода`, 2_000_000 + many))
    await registry.as(first, (ctx) => protect(ctx, last.person_id, 'victim'))
    const row = await received({ ...namesake(family, 0), documents: [], adverse: true })
    expect(row.outcome).toBe('review')
    expect(await mayRelay(database.ctx({ db: database.owner }), row.person_id, 'security')).toBe(false)
  })

  test('of somebody who is protected later holds it back too, and officers are asked about three at a time', async () => {
    const made: string[] = []
    for (let at = 1; at < 6; at++)
      made.push((await received(namesake('Ятимов', 3_000_000 + at, 'Искандархон'))).person_id)
    const row = await received({ ...namesake('Ятимов', 0, 'Искандархон'), documents: [], adverse: true })
    const asked = async () =>
      (await registry.as(first, (ctx) => reviewQueue(ctx, 1_000))).filter(
        ({ record_id }) => record_id === row.record_id,
      )
    const before = await asked()
    expect(before).toHaveLength(3)
    const behind = made.find((id) => before.every(({ other_id }) => other_id !== id))!
    await registry.as(first, (ctx) => protect(ctx, behind, 'victim'))
    expect(await mayRelay(database.ctx({ db: database.owner }), row.person_id, 'security')).toBe(false)
    await registry.as(first, (ctx) => decideReview(ctx, before[0]!.id, 'different'))
    const now = (await asked()).map(({ place }) => place)
    expect(now.toSorted()).toEqual([1, 2, 3, 4].filter((place) => place !== before[0]!.place))
  })
})
