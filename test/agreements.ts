import { newId } from '#kernel/ids.ts'
import type { TestApp } from './app.ts'
import { NOW } from './database.ts'
import { makeCarrier } from './removals.ts'

/** The agreement of an invented carrier that asked more often than it flew. */
export async function bringAgreement(site: TestApp): Promise<Record<'agreement', string>> {
  const carrier = await makeCarrier(site, `${'Abdujabborkhojazoda-i-Nurullokhoni '.repeat(2)}Airlines`)
  const ask = (path: string, form: Record<string, string>) =>
    site.ask(`/en/work/carriers${path}`, { as: 'platform_administrator', form })
  const terms = {
    carrier,
    act: 'Agreement No 7',
    act_on_day: '1',
    act_on_month: '11',
    act_on_year: '2026',
    per_day: '50',
  }
  const made = await ask('', terms)
  const agreement = made.headers.get('location')!.split('/').at(-1)!
  const asked = (referred_at: Temporal.Instant | null) => ({
    id: newId(),
    agreement_id: agreement,
    at: NOW,
    referred_at,
  })
  await site.owner
    .insertInto('entry_check.carrier_query')
    .values([asked(NOW), asked(null)])
    .execute()
  await ask(`/${agreement}/carried`, { month: String(NOW).slice(0, 7), passengers: '1' })
  return { agreement }
}
