import type { Ctx } from '#kernel/context.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { newReference } from '#kernel/ids.ts'
import { reviewDue } from './terms.ts'

type Invented = {
  /** Who of the demonstration works there. */
  email: string
  kind: 'employer' | 'agency'
  state: 'asked' | 'verified'
  legal_name: string
  place_code: string
  tin: string
  ogrn?: string
  phone: string
  licence?: { no: string; by: string }
}

// Numbers with right check digits that nobody has: they begin with zeros.
const INVENTED: readonly Invented[] = [
  {
    email: 'employer@example.tj',
    ...{ kind: 'employer', state: 'verified', legal_name: 'Ширкати сохтмонии «Устод» (намуна)', place_code: 'TJ-DU' },
    ...{ tin: '000000017', phone: '+992000000001' },
  },
  {
    email: 'employer-abroad@example.tj',
    ...{ kind: 'employer', state: 'asked', legal_name: 'ООО «Кирпичный двор» (образец)', place_code: 'RU-MOS' },
    ...{ tin: '0000000018', ogrn: '0000000000011', phone: '+70000000001' },
  },
  {
    email: 'agency@example.tj',
    ...{ kind: 'agency', state: 'verified', legal_name: 'Агентии «Роҳи сафед» (намуна)', place_code: 'TJ-DU' },
    ...{ tin: '000000025', phone: '+992000000002' },
    licence: { no: '0000-НАМУНА', by: 'Хадамоти муҳоҷират (намуна)' },
  },
]

/** Makes employers of the invented organisations: one verified, one that waits, one licensed agency. Owner's connection, once. */
export async function employersDemo(ctx: Ctx): Promise<void> {
  const today = plainDate(ctx.now)
  for (const { email, licence, state, ...facts } of INVENTED) {
    const member = await ctx.db
      .selectFrom('access.user_account as u')
      .innerJoin('access.membership as m', 'm.user_id', 'u.id')
      .innerJoin('organisations.organisation as o', 'o.id', 'm.organisation_id')
      .select(['u.name', 'o.id as organisation_id', 'o.country'])
      .where('u.email', '=', email)
      .executeTakeFirst()
    if (!member) continue
    const asked_at = ctx.now.subtract({ hours: state === 'asked' ? 20 : 24 * 40 })
    await ctx.db
      .insertInto('employers.employer')
      .values({
        ...facts,
        ...{ organisation_id: member.organisation_id, reference: newReference(), country: member.country, state },
        ...{ contact_name: member.name, contact_email: email, lang: 'tg', sample: true },
        ...{ asked_at, due_at: reviewDue(asked_at), verified_at: state === 'verified' ? asked_at : null },
        ...(licence && {
          ...{ licence_no: licence.no, licence_by: licence.by },
          ...{ licence_on: today.subtract({ days: 400 }), licence_until: today.add({ days: 330 }) },
        }),
      })
      .execute()
  }
}
