import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { placeName } from '#kernel/places/places.ts'
import { Pairs } from '#kernel/ui/blocks.tsx'
import type { Profile } from '../profile.ts'

/** A profile, or those parts of it that somebody may see; `more` stands before it. */
export async function ProfileView({
  ctx,
  profile,
  more = [],
}: {
  ctx: Ctx
  profile: { trade?: string } & { [K in 'languages' | 'licences' | 'place_codes']: Profile[K] | null }
  more?: readonly (readonly [Child, Child] | null | false)[]
}) {
  const { t, format } = ctx
  const { trade, languages, licences, place_codes } = profile
  const places = place_codes && (await Promise.all(place_codes.map((code) => placeName(ctx, code))))
  const none = t('applications.profile.none')
  return (
    <Pairs
      items={[
        ...more,
        trade !== undefined && [t('applications.profile.trade'), trade],
        languages && [
          t('applications.profile.languages'),
          languages.length > 0
            ? languages
                .map(
                  ({ lang, level }) =>
                    `${t(`applications.code.language.${lang}`)}: ${t(`applications.code.level.${level}`)}`,
                )
                .join(' · ')
            : none,
        ],
        licences && [
          t('applications.profile.licences'),
          licences.length > 0 ? format.list(licences.map((one) => t(`applications.code.licence.${one}`))) : none,
        ],
        places && [
          t('applications.profile.places'),
          places.length > 0 ? format.list(places) : t('applications.profile.anywhere'),
        ],
      ]}
    />
  )
}
