import { readFile } from 'node:fs/promises'
import fontkit from '@pdf-lib/fontkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withActor } from '#kernel/access/transaction.ts'
import type { Ctx } from '#kernel/context.ts'
import { ORIGIN, type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { readPdf } from '../../../test/pdf.ts'
import { inLanguage } from '../i18n/in-language.ts'
import { drawOwnLetter, getLetter, issueLetter, type LetterLang } from './letters.ts'
import type { Sheet } from './sheet.ts'

const TAJIK = 'ғӣқӯҳҷ ҒӢҚӮҲҶ'
const sheetOf = (heading: string, rows = 3): Sheet => ({
  from: ['Хадамоти муҳоҷират'],
  to: ['Вазорати корҳои хориҷӣ', 'ш. Душанбе'],
  heading,
  parts: [
    { kind: 'text', text: `Бо ин мактуб рӯйхат фиристода мешавад: ${TAJIK}. «Ё» — №1.` },
    { kind: 'heading', text: 'Сатрҳо' },
    { kind: 'pairs', rows: [['Рақами қарор', 'Н-1']] },
    {
      kind: 'table',
      columns: [
        { label: '№', width: 1 },
        { label: 'Ному насаб', width: 5 },
      ],
      rows: Array.from({ length: rows }, (_, index) => [`${index + 1}`, `Намунаев Ҷамшед ${index + 1}`]),
    },
  ],
  signed: true,
})

let site: TestApp
beforeAll(async () => {
  site = await testApp()
})
afterAll(() => site.drop())

const as = async <T>(act: (ctx: Ctx) => Promise<T>, now = NOW) => {
  const actor = await site.actor('registry_officer')
  return withActor(site.db, actor, (db) => act(site.ctx({ actor, db, now })), now)
}
const issue = (lang: LetterLang, sheet: Sheet, now = NOW) =>
  as(
    (ctx) =>
      issueLetter(ctx, {
        ...{ kind: 'letters.list.title', lang, permission: 'person.read', sheet, rows: 3 },
        subject: { type: 'test', id: 'one' },
      }),
    now,
  )
const pdfOf = async (reference: string) => {
  const response = await site.ask(`/en/work/letters/${reference}/pdf`, { as: 'registry_officer' })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
  return readPdf(new Uint8Array(await response.arrayBuffer()))
}
const plain = async (path: string) =>
  (await (await site.ask(path)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

test.each(['tg', 'ru'] as const)(
  'a letter in %s can be read, copied, and verified by its square code',
  async (lang) => {
    const reference = await issue(lang, sheetOf(`Рӯйхат ${lang}`))
    const { text, square, lang: said, pages } = await pdfOf(reference)
    expect(text).toContain(TAJIK)
    expect(text).toContain('Намунаев Ҷамшед 3')
    expect(text).toContain(reference)
    expect(text).toContain(lang === 'tg' ? 'саҳифаи 1 аз 1' : 'страница 1 из 1')
    expect([said, pages]).toEqual([lang, 1])
    const { code } = await as((ctx) => getLetter(ctx, reference))
    expect(text).toContain(code)
    expect(square).toBe(`${ORIGIN}/${lang}/letters/verify?n=${reference}&c=${code}`)
    const answer = await plain(square!.slice(ORIGIN.length))
    expect(answer).toContain(inLanguage(site.ctx({}), lang).t('letters.verify.issued'))
    expect(answer).toContain('Office of registry_officer')
    expect(answer).not.toContain('Намунаев')
  },
)

test('whoever has it read out hears its parts in order: headings, paragraphs, rows and cells; page numbers are left out', async () => {
  const sheet = sheetOf('Рӯйхат', 60)
  const reference = await issue('tg', sheet)
  const { parts, loose, title, lang, pages, square } = await pdfOf(reference)
  expect([title, lang]).toEqual(['Рӯйхат', 'tg'])
  expect(loose).toEqual([])
  expect(pages).toBeGreaterThan(1)
  expect(parts.slice(0, 1)).toEqual(['P Хадамоти муҳоҷират'])
  const from = parts.indexOf('H1 Рӯйхат')
  expect(parts.slice(from, from + 10)).toEqual([
    'H1 Рӯйхат',
    `P Бо ин мактуб рӯйхат фиристода мешавад: ${TAJIK}. «Ё» — №1.`,
    'H2 Сатрҳо',
    'TH Рақами қарор',
    'TD Н-1',
    'TH №',
    'TH Ному насаб',
    'TD 1',
    'TD Намунаев Ҷамшед 1',
    'TD 2',
  ])
  expect(parts).toContain(`Figure ${square}`)
  expect(parts.filter((part) => part.includes(sheet.heading))).toHaveLength(1)
  expect(parts.join()).not.toContain('саҳифаи')
})

test('its page leads back to what it is about, for each kind of thing that letters are about', async () => {
  const reference = await issue('ru', sheetOf('Обратно'))
  const page = async () => (await site.ask(`/en/work/letters/${reference}`, { as: 'registry_officer' })).text()
  expect(await page()).not.toContain('class="crumb"')
  const about = (subject_type: string) =>
    site.owner
      .updateTable('letters.letter')
      .set({ subject_type, subject_id: 'K7QF-92MX' })
      .where('reference', '=', reference)
      .execute()
  for (const [type, href, label] of [
    ['batch', '/en/work/expulsions/K7QF-92MX', 'Batch K7QF-92MX'],
    ['measure', '/en/work/expulsions/measures/K7QF-92MX/person', 'Measure K7QF-92MX'],
    ['proceeding', '/en/work/proceedings/K7QF-92MX', 'Proceeding K7QF-92MX'],
    ['removal_claim', '/en/work/removal-claims/K7QF-92MX', 'Claim K7QF-92MX'],
  ] as const) {
    await about(type)
    expect(await page()).toMatch(new RegExp(`<p class="crumb"><a href="${href}">.*${label}`, 's'))
  }
  // When it is forgotten what it was about, nothing is offered.
  await about('forgotten')
  expect(await page()).not.toContain('class="crumb"')
})

test('a long table runs over pages, each with its heading', async () => {
  const { text, pages } = await pdfOf(await issue('tg', sheetOf('Дароз', 200)))
  expect(pages).toBeGreaterThan(4)
  // The last page may hold no row any more: only the signature and the square.
  expect([pages, pages - 1]).toContain(text.split('Ному насаб').length - 1)
  for (const row of [1, 100, 200]) expect(text).toContain(`Намунаев Ҷамшед ${row} `)
  expect(text).toContain(`саҳифаи ${pages} аз ${pages}`)
})

test('the same letter asked for again is the one that is there; withdrawn, it is another', async () => {
  const sheet = sheetOf('Такрор')
  const both = await Promise.all([issue('ru', sheet), issue('ru', sheet)])
  expect(both[0]).toBe(both[1])
  expect(await issue('ru', sheet, NOW.add({ hours: 30 }))).toBe(both[0])
  expect(await issue('tg', sheet)).not.toBe(both[0])
  const { code } = await as((ctx) => getLetter(ctx, both[0]!))
  const verify = `/en/letters/verify?n=${both[0]}&c=${code}`
  expect(await plain(verify)).toContain('This letter was issued.')
  const path = `/en/work/letters/${both[0]}`
  expect((await site.ask(path, { as: 'registry_officer', form: {} })).status).toBe(303)
  expect(await plain(verify)).toContain('It no longer holds.')
  expect(await issue('ru', sheet)).not.toBe(both[0])
})

test('number and code must both be right; typed by hand they may look otherwise', async () => {
  const reference = await issue('ru', sheetOf('Проверка'))
  const { code } = await as((ctx) => getLetter(ctx, reference))
  const typed = reference.toLowerCase().replaceAll('-', ' ')
  expect(await plain(`/en/letters/verify?n=${encodeURIComponent(typed)}&c=${code}`)).toContain('was issued')
  for (const wrong of ['2222-2222', reference])
    expect(await plain(`/en/letters/verify?n=${reference}&c=${wrong}`)).toContain('We do not know this letter.')
  const response = await site.ask(`/en/letters/verify?n=${reference}&c=${code}`)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('an empty field is asked for, and says nothing about the letter', async () => {
  const reference = await issue('ru', sheetOf('Пусто'))
  const neither = await plain('/en/letters/verify?n=&c=')
  expect(neither).toContain('Write the number of the letter.')
  expect(neither).toContain('Write the code.')
  const half = await plain(`/en/letters/verify?n=${reference}&c=`)
  expect(half).toContain('Write the code.')
  expect(half).not.toMatch(/We do not know|Write the number of the letter/)
  expect(await plain('/en/letters/verify')).not.toMatch(/Write the number of the letter|Write the code/)
})

test('only the keeper’s staff with the permission open it; the store holds no word of it', async () => {
  const reference = await issue('ru', sheetOf('Закрыто'))
  for (const other of ['adviser', 'consul', 'administrator'] as const)
    for (const path of ['', '/pdf'])
      expect((await site.ask(`/en/work/letters/${reference}${path}`, { as: other })).status).toBe(404)
  const { file_id } = await as((ctx) => getLetter(ctx, reference))
  const file = await site.owner
    .selectFrom('files.file')
    .select(['encrypted', 'expires_at'])
    .where('id', '=', file_id)
    .executeTakeFirstOrThrow()
  expect([file.encrypted, String(file.expires_at).slice(0, 4)]).toEqual([
    true,
    String(Number(String(NOW).slice(0, 4)) + 5),
  ])
})

test('what the typeface lacks is marked, never dropped; a word longer than a line is broken', async () => {
  const sheet = { ...sheetOf('漢字 ок'), from: ['А'.repeat(200)] }
  const { text, square } = await readPdf(await drawOwnLetter(site.ctx({}), 'ru', sheet))
  expect(text).toContain('?? ок')
  expect(text.replaceAll(' ', '')).toContain('А'.repeat(200))
  expect(square).toBeNull()
})

test('the typeface has outlines of even length only: of others the subset would lack letters on paper', async () => {
  for (const weight of ['400Regular/GolosText_400Regular', '700Bold/GolosText_700Bold']) {
    const bytes = await readFile(new URL(import.meta.resolve(`@expo-google-fonts/golos-text/${weight}.ttf`)))
    const { loca } = fontkit.create(bytes) as unknown as { loca: { offsets: number[] } }
    expect(loca.offsets.length).toBeGreaterThan(300)
    expect(loca.offsets.filter((offset) => offset % 2 === 1)).toEqual([])
  }
})
