import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../../test/app.ts'
import { bringNotices } from '../../../test/notices.ts'
import { type Answer } from './answers.ts'
import { ensureOprfKey, openOprfKey } from './carrier/oprf-key.ts'
import { answerOwner, type Facts, factsOwner, openFor } from './facts.ts'
import { proofOf, TRAVELLERS, work } from './fixtures/desk.ts'
import { moveEntryCheckKey } from './move-key.ts'
import { openSigningKey } from './signing-key.ts'

let site: TestApp
beforeAll(async () => {
  site = await testApp()
  await bringNotices(site)
  await work(site)
})
afterAll(() => site.drop())

test('with another secret key everything that was sealed opens again, and only with the new one', async () => {
  await proofOf(site, TRAVELLERS.banned)
  const { config } = site.platform
  const [secret, before] = [Buffer.alloc(32, 9).toString('base64'), config.HAMSAFAR_SECRET_KEY]
  const under = (HAMSAFAR_SECRET_KEY: string, HAMSAFAR_SECRET_KEY_BEFORE?: string) => ({
    ...site.ctx({ db: site.owner, actor: { kind: 'system', task: 'test' } }),
    platform: { ...site.platform, config: { ...config, HAMSAFAR_SECRET_KEY, HAMSAFAR_SECRET_KEY_BEFORE } },
  })
  await ensureOprfKey(under(before))
  const sealed = () => site.owner.selectFrom('entry_check.key').select('oprf_sealed').executeTakeFirstOrThrow()
  const oprf = openOprfKey(under(before), (await sealed()).oprf_sealed!)
  // Facts, PIN, answer, signing key, key of the pseudorandom function.
  expect(await moveEntryCheckKey(under(secret, before))).toBe(5)
  expect(await moveEntryCheckKey(under(secret, before))).toBe(0)
  const holder = await site.owner.selectFrom('entry_check.holder').selectAll().executeTakeFirstOrThrow()
  const inquiry = await site.owner.selectFrom('entry_check.inquiry').selectAll().executeTakeFirstOrThrow()
  const key = await site.owner.selectFrom('entry_check.key').selectAll().executeTakeFirstOrThrow()
  const fresh = under(secret)
  expect(openFor<Facts>(fresh, factsOwner(holder.id), holder.facts_sealed!).document).toBe(TRAVELLERS.banned.document)
  expect(openFor<Answer>(fresh, answerOwner(inquiry.id), inquiry.answer_sealed!).kind).toBe('listed')
  expect(openSigningKey(fresh, key.private_sealed).asymmetricKeyType).toBe('ed25519')
  expect(openOprfKey(fresh, (await sealed()).oprf_sealed!)).toEqual(oprf)
  expect(() => openFor(under(before), factsOwner(holder.id), holder.facts_sealed!)).toThrow()
})
