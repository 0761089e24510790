import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import type { FormErrors, FormValues } from '#kernel/http/forms.ts'
import { FACTS_SHAPE, PROFILE_SHAPE, type Profile, profileOf } from '../profile.ts'
import type { Offer } from '../seekers.ts'

const OFFER_SHAPE = {
  findable: z.literal('yes').optional(),
  shown: z.array(z.enum(['languages', 'licences', 'places'])).optional(),
}
export const FactsForm = z.object(FACTS_SHAPE)
export const ProfileForm = z.object(PROFILE_SHAPE)
export const OfferForm = z.object(OFFER_SHAPE)

/** What may be found, as a form says it. */
export const offerOf = ({ findable, shown = [] }: z.output<typeof OfferForm>): Offer =>
  findable
    ? {
        languages: shown.includes('languages'),
        licences: shown.includes('licences'),
        places: shown.includes('places'),
      }
    : null

/** The profile of a form, or the sentence that tells which place nobody knows. */
export async function checkedProfile(
  ctx: Ctx,
  form: z.output<typeof ProfileForm>,
): Promise<{ profile: Profile; words: FormErrors }> {
  const { profile, unknown } = await profileOf(ctx, form)
  return {
    profile,
    words: unknown === undefined ? {} : { places: ctx.t('applications.form.places_unknown', { place: unknown }) },
  }
}

/** A kept profile as the fields of the form that changes it. */
export const profileValues = ({ trade, languages, licences }: Profile, places: readonly string[]): FormValues => ({
  trade,
  licences: licences.join(','),
  places: places.join(', '),
  ...Object.fromEntries(languages.map(({ lang, level }) => [`lang_${lang}`, level])),
})

/** What may be found, as the fields of the form that changes it. */
export const offerValues = (offer: Offer): FormValues => ({
  findable: offer ? 'yes' : '',
  shown: offer
    ? Object.entries(offer)
        .flatMap(([name, shown]) => (shown ? [name] : []))
        .join(',')
    : '',
})
