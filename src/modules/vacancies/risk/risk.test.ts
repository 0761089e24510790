import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JobCtx } from '#kernel/jobs/job.ts'
import { type TestApp, testApp } from '../../../../test/app.ts'
import { bring } from '../fixtures/bring.ts'
import type { Cells } from '../sources/read-advert.ts'
import { flagsOf, readSigns, type Suspect } from './flags.ts'
import { phraseBook, readFamily, readPhrase } from './phrases.ts'
import { recheckJob, startRecheck } from './recheck.ts'
import { clausesOf, fromLatin, wordsOf } from './spelling.ts'

const SILENT: Suspect = {
  title: 'Сварщик',
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
}
const signs = (parts: Partial<Suspect>) => readSigns({ ...SILENT, ...parts })
const flags = (parts: Partial<Suspect>) => flagsOf(signs(parts)).map(({ flag }) => flag)

describe('phrases', () => {
  const stands = (phrase: string, sentence: string) =>
    phraseBook([{ phrase: readPhrase(phrase) }])(wordsOf(sentence)).length > 0

  test.each([
    ['паспорт* забира*', 'ПАСПОРТА ЗАБИРАЕМ', true],
    ['паспорт* забира*', 'забираем паспорта', false],
    ['паспорт* + забира*', 'забираем у всех сразу паспорта', true],
    ['паспорт* _ забира*', 'паспорт мы у вас забираем', true],
    ['паспорт* _ забира*', 'паспорт мы у вас при входе забираем', false],
    ['залог* __ #', 'залог за форму и инвентарь 5 000 рублей', true],
    ['без залог*', 'беззалоговый', false],
    // Look-alike letters, letters set apart, signs for letters, a slip where other words stand beside it.
    ['паспорт* забира*', 'пacпоpтa забирaем', true],
    ['паспорт* забира*', 'п а с п о р т забираем', true],
    ['паспорт* забира*', 'пасп0рт забираем', true],
    ['паспорт* забира*', 'пасспорт забираем', true],
    ['горловк*', 'делительных головках', false],
    ['телеграм*', 'TELEGRAM', false],
    ['маълумот* лозим', 'Маълумоти лозим', true],
  ])('%s in «%s»: %s', (phrase, sentence, expected) => expect(stands(phrase, sentence)).toBe(expected))

  test('says which words they are, at every place', () => {
    const [found] = phraseBook([{ phrase: readPhrase('паспорт* + забира*') }])(
      wordsOf('мы забираем ваш паспорт и паспорта'),
    )
    expect(found!.matches).toEqual([
      [3, 1],
      [5, 1],
    ])
  })

  const families = new Map([['sum', readFamily(['# руб*', 'половин*'])]])
  test.each([
    ['внести <sum>', 'внести 500 рублей', true],
    ['внести <sum>', 'внести половину', true],
    ['внести <sum>', 'внести 500', false],
    ['<sum> ~ залог*', 'залог 500 рублей', true],
    ['<sum> ~ залог*', `залог ${'и ещё '.repeat(5)} 500 рублей`, false],
    ['возраст #18-35', 'возраст 20', true],
    ['возраст #18-35', 'возраст 40', false],
  ])('%s in «%s»: %s', (phrase, sentence, expected) => {
    const book = phraseBook([{ phrase: readPhrase(phrase, families) }])
    expect(book(wordsOf(sentence)).length > 0).toBe(expected)
  })

  test('a family that is not there is a mistake of the list', () => {
    expect(() => readPhrase('<nobody>', families)).toThrow('nobody')
  })

  test('Tajik and Russian in Latin letters are read; English stays as it is', () => {
    expect(fromLatin(clausesOf('pasportro ba sohibkor medihed'))!.words.join(' ')).toBe('паспортро ба сохибкор медихед')
    expect(fromLatin(clausesOf('we keep your passport'))).toBeNull()
  })
})

describe('flags', () => {
  test.each<[Partial<Suspect>, string[]]>([
    [{ duties: 'Паспорт хранится у бригадира.' }, ['passport']],
    [{ conditions: 'Залог 3 000 рублей. Только девушки до 25 лет.' }, ['fee', 'women']],
    [{ title: 'Стрелок', duties: 'Контракт с Министерством обороны.' }, ['military']],
    [{ workplace_text: 'г. Мариуполь' }, ['conflict']],
    [{ country: 'UA' }, ['conflict']],
    [{ requirements: 'Танҳо ба телеграм нависед.' }, ['messenger']],
  ])('%o', (parts, expected) => expect(flags(parts).sort()).toEqual(expected))

  test('one weak sign alone never decides, nor does the same one said often', () => {
    const weak = { conditions: 'Пишите в WhatsApp. Пишите в Telegram. Пишите в WhatsApp или звоните.' }
    expect(signs(weak).map(({ flag, weight }) => [flag, weight])).toEqual([['messenger', 1]])
    expect(flags(weak)).toEqual([])
    expect(flags({ conditions: 'Предоставляется отсрочка от призыва по мобилизации.' })).toEqual([])
    expect(flags({ requirements: 'Приятная внешность' })).toEqual([])
  })

  test('weak signs of different flags decide together, and all are told', () => {
    const chat = { contacts: [{ kind: 'url' as const, value: 'https://t.me/rabota' }] }
    expect(flags(chat)).toEqual([])
    expect(flags({ ...chat, requirements: 'Женщины, модельная внешность' }).sort()).toEqual(['messenger', 'women'])
    expect(flags({ contacts: [...chat.contacts, { kind: 'phone', value: '+992372000000' }] })).toEqual([])
  })

  test('what an ordinary advert says with the same words speaks for nothing; the rest of its sentence does', () => {
    expect(flags({ duties: 'Никаких залогов и предоплат, работаем честно.' })).toEqual([])
    expect(flags({ duties: 'Без залога за жильё, но залог за форму 2000 рублей.' })).toEqual(['fee'])
    expect(flags({ workplace_text: 'Москва, Луганская улица, 5' })).toEqual([])
  })

  // Each family of signs in three languages, and beside it what an ordinary advert says with the same words.
  test.each<[string, string, string]>([
    ['military', 'Рытьё окопов, выплата при подписании.', 'Экскурсии по музею: окопы и солдаты прошлой войны.'],
    ['military', 'Дар ҷабҳа ошпаз, шартнома як сол.', 'Хизматро дар артиш адо кардагон афзалият доранд.'],
    ['military', 'Drivers behind the front line, enlistment bonus.', 'Former soldiers are welcome.'],
    ['citizenship', 'Гражданство за год службы.', 'Консультации клиентов о гражданстве и службе.'],
    ['citizenship', 'Баъди хизмат дар армия шаҳрванд мешавед.', 'Дар бораи шаҳрвандӣ машварат медиҳад.'],
    ['citizenship', 'A passport for you once you enlist.', 'Advises people on citizenship within 30 days.'],
    ['conflict', 'Ремонт крыш, Авдеевка.', 'Помощь беженцам из Авдеевки.'],
    ['conflict', 'Таъмири роҳ дар Бахмут.', 'Бо гурезаҳои Бахмут дар Душанбе кор мекунад.'],
    ['conflict', 'Builders wanted in Bakhmut.', 'Helps refugees from Bakhmut, in Dushanbe.'],
    ['passport', 'Документы работников лежат у прораба.', 'Паспорт остаётся у вас.'],
    ['passport', 'Паспортро ба соҳибкор месупоред.', 'Шиноснома дар дасти худатон мемонад.'],
    ['passport', 'The captain holds all passports.', 'We never hold your passport.'],
    ['bondage', 'Дорогу оплатим, потом отработаете.', 'Выходные в городе, территория открыта.'],
    ['bondage', 'Берун рафтан мумкин нест.', 'Баъди кор озод ҳастед.'],
    ['bondage', 'The airfare is worked off; you may not leave the compound.', 'You may leave at any time.'],
    ['fee', 'Внесите 3000 рублей за пропуск.', 'Никаких взносов и залогов.'],
    ['fee', 'Барои ҷойи кор 200 доллар медиҳед.', 'Барои ҷойи кор пул намегирем.'],
    ['fee', 'Applicants transfer a deposit of 300 dollars.', 'We never ask for a deposit or fees.'],
    ['costs', 'Билет и виза за свой счёт.', 'Билет и виза за счёт работодателя.'],
    ['costs', 'Раводид аз ҳисоби худатон.', 'Раводид аз ҳисоби корфармо.'],
    ['costs', 'Visa at your own expense.', 'Visa paid by the employer.'],
    ['women', 'Стройные девушки для сопровождения гостей.', 'Девушки и юноши, форма бесплатно.'],
    ['women', 'Духтарони 18-25 сола ба клуб.', 'Духтарону писарони 18-25 сола ба клуб.'],
    ['women', 'Pretty girls for a lounge, drinks commission.', 'Teaches girls aged 18 to 25 at a school.'],
    ['crime', 'Прячете свёрток, присылаете координаты.', 'Доставка посылок клиентам на дом.'],
    ['crime', 'Корти бонкии худро ба мо медиҳед, пул меояд.', 'Маош ба корти худатон мегузарад.'],
    ['crime', 'Money lands on your personal account, you forward it.', 'Salary to your own account.'],
    ['crime', 'Пишешь от лица девушки и подводишь к инвестициям.', 'Представляетесь сотрудником компании.'],
    ['crime', 'Забираешь конверт, называешься следователем.', 'Выдаём конверты клиентам почты.'],
    ['crime', 'You chat as a girl and move clients to our platform.', 'You chat as a team with customers.'],
    ['bondage', 'Дорогу оплачиваем мы, потом отрабатываешь.', 'Дорогу оплачиваем мы, смены по 12 часов.'],
    ['bondage', 'Агар пештар равед, музд месӯзад.', 'Агар равед, як ҳафта пеш гӯед.'],
    ['military', 'Служба в армии по контракту, выплата сразу.', 'Служба в армии будет преимуществом.'],
    ['messenger', 'Номер не даём, пишите в Telegram.', 'Звоните или пишите в Telegram.'],
    ['messenger', 'Рақам надорем, ба телеграм нависед.', 'Занг занед ё ба телеграм нависед.'],
    ['messenger', 'We do not call, write on WhatsApp.', 'Call or write on WhatsApp.'],
    ['lure', 'Лёгкие деньги, без опыта, 500 долларов в день.', 'Можно без опыта, научим.'],
    ['lure', 'Пули осон, бе таҷриба, ҳар рӯз 300 доллар.', 'Таҷриба лозим нест, меомӯзонем.'],
    ['lure', 'Easy money, no skills, 300 dollars a day.', 'No experience needed, we train you.'],
  ])('%s: «%s», but not «%s»', (flag, fraud, ordinary) => {
    expect(flags({ duties: fraud })).toContain(flag)
    expect(flags({ duties: ordinary })).toEqual([])
  })

  test('Tajik without its letters, and in Latin ones, is read alike', () => {
    const written = ['Шиносномаро ба соҳибкор месупоред', 'Шиносномаро ба сохибкор месупоред']
    for (const duties of [...written, 'Shinosnomaro ba sohibkor mesupored'])
      expect(flags({ duties })).toEqual(['passport'])
  })

  test('a "no" reaches its own clause and the short list after it, no further', () => {
    expect(flags({ duties: 'Без залога, взносов, штрафов.' })).toEqual([])
    expect(flags({ duties: 'Без опыта, залог за форму 3000 рублей.' })).toContain('fee')
    expect(flags({ duties: 'Если просят внести 3000 рублей за визу от нашего имени, сообщите в полицию.' })).toEqual([])
  })

  test('what stands in different sentences counts together, unless the advert says otherwise', () => {
    const age = { title: 'Танцовщицы', duties: 'Возраст 18-25. Рост от 168.' }
    expect(flags(age)).toEqual(['women'])
    expect(flags({ ...age, conditions: 'Мужчины тоже.' })).toEqual([])
  })

  test('a sign carries the field, the words and the weight', () => {
    expect(signs({ conditions: 'Чисто и тепло. Паспорт сдаёте бригадиру при заселении.' })).toContainEqual(
      expect.objectContaining({
        flag: 'passport',
        part: 'conditions',
        quote: 'Паспорт сдаёте бригадиру при заселении.',
        weight: 3,
      }),
    )
  })
})

describe('an advert that comes in', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp()
  })
  afterAll(() => app?.drop())

  let number = 0
  const come = async (cells: Cells, id = `risk${number++}`) => {
    const vacancy = await bring(app, { title: 'Сварщик', country: 'RU', ...cells }, id)
    return app.owner.selectFrom('vacancies.vacancy').selectAll().where('id', '=', vacancy).executeTakeFirstOrThrow()
  }
  const reasons = async (id: string) =>
    app.owner
      .selectFrom('vacancies.review')
      .select(['reason', 'evidence'])
      .where('vacancy_id', '=', id)
      .where('decision', 'is', null)
      .orderBy('reason')
      .execute()

  test('is held, shown to officers with the words and weights, and to nobody else', async () => {
    const { id, reference, state } = await come({ conditions: 'Залог за форму 5 000 рублей.' })
    expect(state).toBe('held')
    expect((await reasons(id)).map(({ reason }) => reason)).toEqual(['risk'])
    expect((await app.ask(`/en/vacancies/${reference}`)).status).toBe(404)
    const page = await app.ask(`/en/work/vacancies/review/${reference}`, { as: 'vacancy_officer' })
    const text = (await page.text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
    expect(text).toContain('The worker is to pay')
    expect(text.replaceAll(/ (?=[ .])/g, '')).toContain('Залог за форму 5 000 рублей.')
    expect(await (await app.ask(`/en/work/vacancies/review/${reference}`, { as: 'vacancy_officer' })).text()).toContain(
      '<mark>Залог</mark>',
    )
    expect(text).toContain('Conditions · weight 3 of 3')
  })

  test('service under arms stays a question of its own, beside what else is wrong', async () => {
    const { id } = await come({
      duties: 'Контракт с Министерством обороны.',
      conditions: 'Паспорт хранится у командира.',
    })
    expect((await reasons(id)).map(({ reason }) => reason)).toEqual(['military', 'risk'])
  })

  test('with pay far above its trade is held once enough adverts tell what is usual', async () => {
    const rich = { pay_min: '400000', pay_currency: 'RUB', pay_period: 'month', place_code: 'RU-TUL' }
    expect((await come(rich)).state).toBe('published')
    for (let i = 0; i < 21; i++)
      await come({ pay_min: String(60_000 + 1000 * i), pay_max: '90000', pay_currency: 'RUB', pay_period: 'month' })
    const { id, reference, state } = await come({ ...rich, title: 'Электросварщик' })
    expect(state).toBe('held')
    const [review] = await reasons(id)
    expect(review!.evidence).toMatchObject({ signs: [{ flag: 'pay', part: 'pay_min', weight: 3 }] })
    const page = await app.ask(`/en/work/vacancies/review/${reference}`, { as: 'vacancy_officer' })
    expect(await page.text()).toMatch(/4\.4 times the usual 90,000.roubles a month/)
    expect((await come({ ...rich, pay_min: '150000' })).state).toBe('published')
    // The same amount in another currency or country tells nothing.
    expect((await come({ ...rich, country: 'KZ', place_code: null })).state).toBe('published')
  })

  test('earlier is looked at again when the words change', async () => {
    const { id } = await come({ title: 'Каменщик' })
    await app.owner
      .updateTable('vacancies.vacancy')
      .set({ conditions: 'Паспорт хранится у бригадира.' })
      .where('id', '=', id)
      .execute()
    const queued = async () =>
      (await app.owner.selectFrom('jobs.run').select('id').where('task', '=', 'vacancies.recheck').execute()).length
    await startRecheck(app.owner)
    const before = await queued()
    await sql`update lists.version set checksum = 'older' where list = 'vacancies.risk'`.execute(app.owner)
    await startRecheck(app.owner)
    expect(await queued()).toBe(before + 1)
    const ctx = app.ctx({ db: app.owner, actor: { kind: 'system', task: 'vacancies.recheck' } })
    const run: JobCtx = { ...ctx, run_id: null, signal: new AbortController().signal, report: async () => {} }
    await recheckJob.run(run, {})
    expect((await reasons(id)).map(({ reason }) => reason)).toEqual(['risk'])
    const { state } = await app.owner
      .selectFrom('vacancies.vacancy')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(state).toBe('held')
  })
})
