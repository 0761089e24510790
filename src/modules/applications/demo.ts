import { randomUUID } from 'node:crypto'
import type { Ctx } from '#kernel/context.ts'
import { addHolder } from '#kernel/my-case/holders.ts'
import { advertsOfferedBy, openVacancy } from '#modules/vacancies/public.ts'
import { applyFor } from './applications.ts'
import type { Facts, Profile } from './profile.ts'
import { addSeeker, setOffer } from './seekers.ts'

type Invented = { facts: Facts; profile: Omit<Profile, 'isco'> }

// Numbers that no operator gives out.
const INVENTED: readonly Invented[] = [
  {
    facts: { name: 'Далер Намунаев (намуна)', phone: '+992000000021', own: true, reach: 'none', when: null },
    profile: {
      trade: 'андовагар',
      languages: [{ lang: 'ru', level: 'talk' }],
      licences: ['height', 'driver_b'],
      place_codes: ['TJ-DU'],
    },
  },
  {
    facts: { name: 'Нигора Мисолзода (намуна)', phone: '+992000000022', own: false, reach: 'none', when: null },
    profile: { trade: 'андовагар, рангмол', languages: [{ lang: 'ru', level: 'well' }], licences: [], place_codes: [] },
  },
]

/** Fills a demonstration: two invented people apply for what the invented employer offers, and may be found. Owner's connection, once. */
export async function applicationsDemo(ctx: Ctx): Promise<void> {
  const employer = await ctx.db
    .selectFrom('access.user_account as u')
    .innerJoin('access.membership as m', 'm.user_id', 'u.id')
    .select('m.organisation_id')
    .where('u.email', '=', 'employer@example.tj')
    .executeTakeFirst()
  const [advert] = employer ? await advertsOfferedBy(ctx, employer.organisation_id) : []
  if (!advert) return
  for (const { facts, profile } of INVENTED) {
    const holder = await addHolder(ctx, randomUUID())
    const known = { ...profile, isco: advert.isco ? [advert.isco] : [] }
    await addSeeker(ctx, holder, facts, known)
    await setOffer(ctx, known, { languages: true, licences: true, places: false })
    await applyFor(ctx, holder, await openVacancy(ctx, advert.reference))
  }
}
