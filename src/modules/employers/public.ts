import type { Ctx } from '#kernel/context.ts'

/**
 * What everybody may know of an employer that was verified, now or once. `organisation_id` is the organisation for which its
 * people work here, and what `vacancies.vacancy.employer_id` holds.
 */
export type KnownEmployer = {
  organisation_id: string
  reference: string
  /** `agency`: recruits for others, and needs a licence. */
  kind: 'employer' | 'agency'
  /** `suspended`: was verified, and may not post until an officer says so again. */
  state: 'verified' | 'suspended'
  legal_name: string
  /** Its names in the languages of the platform. */
  names: string[]
  /** ISO 3166-1 alpha-2 of where it is registered. */
  country: string
  place_code: string | null
  website: string | null
  /** The office's telephone, in E.164. */
  phone: string
  /** Taxpayer's and register number, as its country has them. */
  tin: string | null
  ogrn: string | null
  licence_no: string | null
  licence_by: string | null
  licence_on: Temporal.PlainDate | null
  licence_until: Temporal.PlainDate | null
  /** When an officer rang and it was they; null: nobody tried. */
  phone_checked_at: Temporal.Instant | null
  /** The day of the register extract that it was compared with. */
  extract_on: Temporal.PlainDate | null
  /** Since when it is verified. */
  verified_at: Temporal.Instant
  /** Invented, for the demonstration. */
  sample: boolean
}

/** Every employer and agency that is verified or suspended, by name: for looking one up. Everybody may ask. */
export async function knownEmployers(ctx: Pick<Ctx, 'db'>): Promise<KnownEmployer[]> {
  const rows = await ctx.db
    .selectFrom('employers.known')
    .selectAll()
    .orderBy('legal_name')
    .orderBy('organisation_id')
    .execute()
  return rows as unknown as KnownEmployer[]
}

/** Who posted an advert; null for one that came from elsewhere, and for who was never verified. */
export async function employerOf(
  ctx: Pick<Ctx, 'db'>,
  { employer_id }: { employer_id: string | null },
): Promise<KnownEmployer | null> {
  if (employer_id === null) return null
  const row = await ctx.db
    .selectFrom('employers.known')
    .selectAll()
    .where('organisation_id', '=', employer_id)
    .executeTakeFirst()
  return (row as unknown as KnownEmployer | undefined) ?? null
}

/** Whether an organisation may post now: verified, and not suspended. */
export const isVerifiedEmployer = async (ctx: Pick<Ctx, 'db'>, organisation_id: string): Promise<boolean> =>
  (await employerOf(ctx, { employer_id: organisation_id }))?.state === 'verified'
