import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NOW } from '../../../test/database.ts'
import { createOrganisation } from '../organisations/organisations.ts'
import { administered } from './fixtures/administered.ts'

type House = Awaited<ReturnType<typeof administered>>
let site: House['site']
let system: House['system']
let administrator: House['administrator']
let platform: House['platform']
let newPerson: House['newPerson']
let stateOf: House['stateOf']
let rolesOf: House['rolesOf']
let text: House['text']
let post: House['post']

beforeAll(async () => {
  ;({ site, system, administrator, platform, newPerson, stateOf, rolesOf, text, post } = await administered())
})
afterAll(() => site?.drop())

describe('a platform administrator', () => {
  test('brings a person into another organisation and administers everywhere', async () => {
    const person = await newPerson(administrator.organisation_id)
    const as = 'platform_administrator'
    await post(
      `/work/users/${person.id}/roles`,
      { organisation: platform.organisation_id, roles: ['vacancy_officer'] },
      as,
    )
    expect(await rolesOf(person.id, platform.organisation_id)).toEqual(['vacancy_officer'])
    const rights = await text(`/work/users/${person.id}/rights`, as)
    for (const words of [
      'Office of administrator',
      'Office of platform_administrator',
      'Check work offers',
      'vacancy.review',
    ])
      expect(rights).toContain(words)
    await post(`/work/users/${person.id}/state`, { state: 'locked' }, as)
    expect(await stateOf(person.id)).toBe('locked')
    expect(await text(`/work/users/${person.id}/rights`, as)).toContain('nothing below counts')
  })

  test('founds, renames, closes and opens organisations', async () => {
    const as = 'platform_administrator'
    const invalid = await post('/work/organisations/new', { country: 'Tajikistan' }, as)
    expect(invalid.status).toBe(422)
    const founded = await post(
      '/work/organisations/new',
      { name_tg: 'Маркази Хуҷанд', kind: 'centre', country: 'TJ' },
      as,
    )
    const path = founded.headers.get('location')!.replace(/^\/en|\?.*/g, '')
    expect(await text('/work/organisations?q=хучанд', as)).toContain('Маркази Хуҷанд')
    await post(path, { name_ru: 'Центр Худжанд', name_en: 'Khujand Centre' }, as)
    const page = await text(path, as)
    expect(page).toContain('Khujand Centre')
    expect(page).not.toContain('Маркази Хуҷанд')
    expect((await post(path, {}, as)).status).toBe(422)
    const id = path.split('/').pop()!
    const person = await newPerson(id)
    const works = async () =>
      (await sql<{ yes: boolean }>`select access.belongs(${person.id}, ${id}) as yes`.execute(site.owner)).rows[0]!.yes
    expect(await works()).toBe(true)
    await post(`${path}/closing`, {}, as)
    expect(await works()).toBe(false)
    expect(await text('/work/organisations?state=closed', as)).toContain('Khujand Centre')
    await post(`${path}/closing`, {}, as)
    expect(await works()).toBe(true)
    expect((await post(`/work/organisations/${platform.organisation_id}/closing`, {}, as)).status).toBe(409)
  })
})

describe('the list of accounts', () => {
  test('is searched, narrowed, paged and taken along', async () => {
    const organisation = await createOrganisation(system, { kind: 'ngo', country: 'TJ', names: { en: 'Big' } })
    for (let i = 0; i < 60; i++) {
      const email = `many${i}@big.tj`
      const { id } = await createAccountQuickly(email, organisation, `Ҷамшед ${String(i).padStart(2, '0')}`)
      if (i % 2)
        await site.owner.updateTable('access.user_account').set({ state: 'locked' }).where('id', '=', id).execute()
    }
    const as = 'platform_administrator'
    const first = await text(`/work/users?organisation=${organisation}`, as)
    expect(first).toContain('60 accounts')
    expect(first).toContain('many49@big.tj')
    expect(first).not.toContain('many50@big.tj')
    const next = first.match(/href="\/en(\/work\/users\?[^"]*after=[^"]*)"/)![1]!.replaceAll('&amp;', '&')
    const second = await text(next, as)
    expect(second).toContain('many50@big.tj')
    expect(second).not.toContain('many49@big.tj')
    expect(await text(`/work/users?q=чамшед+07`, as)).toContain('many7@big.tj')
    expect(await text(`/work/users?organisation=${organisation}&state=locked`, as)).toContain('30 accounts')
    expect(await text('/work/users?q=nobody%25', as)).toContain('No account was found.')
    const csv = await text(`/work/users.csv?organisation=${organisation}`, as)
    expect(csv.trim().split('\r\n')).toHaveLength(61)
  })

  async function createAccountQuickly(email: string, organisation_id: string, name: string) {
    const id = crypto.randomUUID()
    await site.owner
      .insertInto('access.user_account')
      .values({ id, email, name, locale: 'tg', created_at: NOW })
      .execute()
    await site.owner
      .insertInto('access.membership')
      .values({ id: crypto.randomUUID(), user_id: id, organisation_id, since: NOW })
      .execute()
    return { id }
  }
})

test('every permission is explained in words in every language', async () => {
  for (const lang of ['tg', 'ru', 'en'] as const) {
    const { t } = site.ctx({ lang })
    for (const { name, permissions = {} } of site.platform.parts)
      for (const permission of Object.keys(permissions))
        expect([permission, t.has(`${name}.permission.${permission}`)]).toEqual([permission, true])
  }
  const html = await text('/work/roles')
  expect(html).toContain('Read what was done in the organisation.')
})
