import { apply, bringAlert, bringEmployer, bringOffer, inbox } from '../src/modules/applications/fixtures/hiring.ts'
import type { TestApp } from './app.ts'

export type HiringName = 'offer' | 'application' | 'alert'

/** A verified employer with an advert, and somebody who applied for it. */
export async function bringHiring(site: TestApp): Promise<Record<HiringName, string>> {
  await bringEmployer(site)
  const offer = await bringOffer(site, 'hiring')
  await apply(site, offer)
  return { offer, application: (await inbox(site))[0]!, alert: await bringAlert(site) }
}
