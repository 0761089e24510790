import type { Child } from 'hono/jsx'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { CaseForm, CaseFrame, defineCasePage, overview } from '#kernel/my-case/pages/my-case.tsx'
import type { OpenedCase } from '#kernel/my-case/tickets.ts'
import { placeName } from '#kernel/places/places.ts'
import { Fact, Facts } from '#kernel/ui/blocks.tsx'
import { Button, Buttons } from '#kernel/ui/buttons.tsx'
import { errorTexts } from '#kernel/ui/errors.tsx'
import { HiddenField } from '#kernel/ui/fields.tsx'
import { pathOf } from '#kernel/ui/navigation.ts'
import { Tag } from '#kernel/ui/states.tsx'
import { openVacancy, whereWords } from '#modules/vacancies/public.ts'
import { applyFor } from '../applications.ts'
import { ownApproaches } from '../candidates.ts'
import { lackWords, type Match, matchesFor } from '../matching.ts'
import { changeProfile, currentOffer, getSeeker, type Seeker, setOffer } from '../seekers.ts'
import { OfferFields, ProfileFields } from './profile-fields.tsx'
import { checkedProfile, OfferForm, offerOf, offerValues, ProfileForm, profileValues } from './read-forms.ts'

/** What the person says of themselves, and who may find it: changed at any time. */
export const ownProfilePage = defineCasePage('profile', async (ctx, c, opened, form) => {
  const { profile } = await getSeeker(ctx, opened)
  if (form.get('act') !== 'save') {
    const places = await Promise.all(profile.place_codes.map((code) => placeName(ctx, code)))
    const values = { ...profileValues(profile, places), ...offerValues(await currentOffer(ctx)) }
    return <Form ctx={ctx} opened={opened} values={values} words={{}} />
  }
  const [read, offer] = [readForm(ProfileForm, form), readForm(OfferForm, form)]
  const checked = read.ok ? await checkedProfile(ctx, read.value) : null
  const words: FormErrors = { ...(read.ok ? {} : errorTexts(ctx, read.errors)), ...checked?.words }
  if (!read.ok || !offer.ok || Object.keys(words).length > 0) {
    c.status(422)
    return <Form ctx={ctx} opened={opened} values={{ ...read.values, ...offer.values }} words={words} />
  }
  await changeProfile(ctx, opened, checked!.profile)
  await setOffer(ctx, checked!.profile, offerOf(offer.value))
  return overview(ctx, opened, { state: 'ok', title: ctx.t('applications.done.profile') })
})

/** Applies with what the person said before, for an advert that fits or that an employer asked for. */
export const applyOwnPage = defineCasePage('apply', async (ctx, _c, opened, form) => {
  await applyFor(ctx, opened, await openVacancy(ctx, String(form.get('vacancy') ?? '')))
  return overview(ctx, opened, { state: 'ok', title: ctx.t('applications.sent.title') })
})

type FormProps = { ctx: Ctx; opened: OpenedCase; values: FormValues; words: FormErrors }

const Form = ({ ctx, opened, values, words }: FormProps) => (
  <CaseFrame ctx={ctx} opened={opened} title={ctx.t('applications.own.profile')} words={words}>
    <CaseForm ctx={ctx} opened={opened} path="profile" class="flow">
      <ProfileFields ctx={ctx} values={values} words={words} />
      <OfferFields ctx={ctx} values={values} words={words} />
      <Button name="act" value="save">
        {ctx.t('applications.own.profile_save')}
      </Button>
    </CaseForm>
  </CaseFrame>
)

const SHOWN = 5

/** Employers that ask the person to apply, and adverts that fit: with what is lacking, said plainly. */
export async function OwnMatches({
  ctx,
  opened,
  seeker,
  applied,
}: {
  ctx: Ctx
  opened: OpenedCase
  seeker: Seeker
  applied: ReadonlySet<string>
}): Promise<Child> {
  const { t } = ctx
  const approaches = (await ownApproaches(ctx)).filter(({ vacancy_reference }) => !applied.has(vacancy_reference))
  const matches = (await matchesFor(ctx, seeker.profile, SHOWN + applied.size))
    .filter(({ advert }) => !applied.has(advert.reference))
    .slice(0, SHOWN)
  return (
    <>
      {approaches.length > 0 && <h2>{t('applications.match.approached')}</h2>}
      {approaches.map(({ vacancy_reference, vacancy_title }) => (
        <div class="flow">
          <h3>
            <a href={pathOf(ctx, `/vacancies/${vacancy_reference}`)}>{vacancy_title}</a>
          </h3>
          <Apply ctx={ctx} opened={opened} reference={vacancy_reference} />
        </div>
      ))}
      {matches.length > 0 && <h2>{t('applications.match.title')}</h2>}
      {matches.length > 0 && (
        <ul class="jobs">{await Promise.all(matches.map((match) => <One ctx={ctx} match={match} />))}</ul>
      )}
    </>
  )
}

const Apply = ({ ctx, opened, reference }: { ctx: Ctx; opened: OpenedCase; reference: string }) => (
  <CaseForm ctx={ctx} opened={opened} path="apply">
    <HiddenField name="vacancy" value={reference} />
    <Buttons>
      <Button kind="second" icon="send">
        {ctx.t('applications.match.apply')}
      </Button>
    </Buttons>
  </CaseForm>
)

async function One({ ctx, match: { advert, lacks } }: { ctx: Ctx; match: Match }) {
  const { t, format } = ctx
  return (
    <li>
      <h3>
        <a href={pathOf(ctx, `/vacancies/${advert.reference}`)} lang={advert.lang}>
          {advert.title}
        </a>
      </h3>
      <Facts>
        <Fact icon="pin">{await whereWords(ctx, advert)}</Fact>
        {lacks.length === 0 ? (
          <Tag state="ok">{t('applications.match.fits')}</Tag>
        ) : (
          <Tag state="attention">
            {t('applications.match.you_lack', { list: format.list(lacks.map((lack) => lackWords(ctx, lack))) })}
          </Tag>
        )}
      </Facts>
    </li>
  )
}
