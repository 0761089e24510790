import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { NOW } from '../../../test/database.ts'
import { LANGUAGES } from '../i18n/languages.ts'
import { newId } from '../ids.ts'
import { hashToken } from './sessions.ts'
import { withActor } from './transaction.ts'

let site: TestApp
let id: string
beforeAll(async () => {
  site = await testApp()
  const { user_id: created_by, organisation_id } = await site.actor('administrator')
  id = newId()
  const row = { id, organisation_id, label: 'Orchard', permissions: ['fruit.send'], created_by, created_at: NOW }
  await site.owner
    .insertInto('access.api_client')
    .values({ ...row, key_hash: hashToken('hsf_orchard') })
    .execute()
})
afterAll(() => site.drop())

const ask = (path: string, form?: Record<string, string | string[]>) =>
  site.ask(path, { as: 'administrator', ...(form && { form }) })

test('its administrator sees a program of the organisation, and ends its access once', async () => {
  for (const lang of LANGUAGES) expect(await (await ask(`/${lang}/work/programs`)).text()).toContain('Orchard')
  expect((await ask(`/en/work/programs/${newId()}/revocation`, {})).status).toBe(404)
  const revoked = await ask(`/en/work/programs/${id}/revocation`, {})
  expect([revoked.status, revoked.headers.get('location')]).toEqual([303, '/en/work/programs?revoked=yes'])
  expect((await ask(`/en/work/programs/${id}/revocation`, {})).status).toBe(404)
  expect(await (await ask('/en/work/programs?revoked=yes')).text()).toContain('Revoked on')
})

test.each([
  [{}, 'Write what the program is called'],
  [{ label: ' ', permissions: ['expulsion.import'] }, 'Write what the program is called'],
  [{ label: 'Orchard' }, 'Choose at least one right'],
  [{ label: 'Orchard', permissions: ['user.administer'] }, 'class="errors"'],
] as [Record<string, string | string[]>, string][])('a form of %j is told what is wrong', async (form, says) => {
  const response = await ask('/en/work/programs/new', form)
  expect(response.status).toBe(422)
  expect(await response.text()).toContain(says)
})

test('another organisation sees and ends nothing of it, and nobody reads what keys are checked by', async () => {
  const administrator = await site.actor('administrator')
  const stranger = { ...administrator, organisation_id: (await site.actor('adviser')).organisation_id }
  const seen = await withActor(site.db, stranger, async (db) => ({
    clients: await db.selectFrom('access.api_client').select('id').execute(),
    revoked: await db.updateTable('access.api_client').set({ revoked_at: NOW }).returning('id').execute(),
  }))
  expect(seen).toEqual({ clients: [], revoked: [] })
  await expect(
    withActor(site.db, administrator, (db) => db.selectFrom('access.api_client').select('key_hash').execute()),
  ).rejects.toThrow('permission denied')
})
