import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { parseReference } from '#kernel/ids.ts'
import { occupationLabel } from '#kernel/occupations/occupations.ts'
import { problem } from '#kernel/problem.ts'
import { Card, Crumb, Empty, Headline } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { HiddenField, SelectField } from '#kernel/ui/fields.tsx'
import { Pager } from '#kernel/ui/lists.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { type AdvertWords, advertsOfferedBy } from '#modules/vacancies/public.ts'
import { approach, type Candidate, candidatesFor } from '../candidates.ts'
import { organisationOf } from '../inbox.ts'
import { lackWords } from '../matching.ts'
import { INBOX } from '../notices.ts'
import { ProfileView } from './profile-view.tsx'

const CANDIDATES = '/work/candidates'
const SHOWN = 25
const Asked = z.object({ candidate: z.uuid(), vacancy: z.string().max(20) })

/** People who agreed to be found, beside one of the employer's adverts: what they can do, and what they lack. No names. */
export const candidatesPage = definePage({
  path: CANDIDATES,
  access: 'application.handle',
  async get(ctx, c) {
    const adverts = await advertsOfferedBy(ctx, organisationOf(ctx))
    const asked = parseReference(c.req.query('vacancy') ?? '')
    const advert = adverts.find(({ reference }) => reference === asked) ?? adverts[0]
    const from = Math.max(1, Math.trunc(Number(c.req.query('from')) || 1))
    return <View ctx={ctx} adverts={adverts} advert={advert} from={from} asked={c.req.query('asked') === 'yes'} />
  },
  async post(ctx, c, form) {
    const read = readForm(Asked, form)
    const adverts = await advertsOfferedBy(ctx, organisationOf(ctx))
    const advert = read.ok && adverts.find(({ reference }) => reference === parseReference(read.value.vacancy))
    if (!read.ok || !advert) throw problem('not_found')
    await approach(ctx, read.value.candidate, advert)
    return seeOther(ctx, c, `${CANDIDATES}?vacancy=${advert.reference}&asked=yes`)
  },
})

type Props = {
  ctx: Ctx
  adverts: readonly AdvertWords[]
  advert: AdvertWords | undefined
  /** The number of the first one shown, from 1. */
  from: number
  asked: boolean
}

async function View({ ctx, adverts, advert, from, asked }: Props) {
  const { t } = ctx
  const { items, total } = advert ? await candidatesFor(ctx, advert, { from, most: SHOWN }) : { items: [], total: 0 }
  const page = (first: number) => localPath(ctx, `${CANDIDATES}?vacancy=${advert?.reference}&from=${first}`)
  return (
    <WorkPage ctx={ctx} title={t('applications.candidates.title')} current={CANDIDATES}>
      <Crumb href={localPath(ctx, INBOX)} label={t('applications.inbox.title')} />
      <Headline title={t('applications.candidates.title')} lead={t('applications.candidates.lead')} />
      {asked && <Note state="ok" title={t('applications.candidates.asked')} announce />}
      {adverts.length > 0 && (
        <form class="flow" action={localPath(ctx, CANDIDATES)}>
          <SelectField
            name="vacancy"
            label={t('applications.inbox.advert')}
            value={advert?.reference}
            options={adverts.map(({ reference, title }) => ({ value: reference, label: `${title} · ${reference}` }))}
          />
          <Button kind="second">{t('applications.candidates.show')}</Button>
        </form>
      )}
      {items.length === 0 ? (
        <Empty title={t('applications.candidates.none')} text={t('applications.candidates.none_text')} />
      ) : (
        <div class="flow">
          <p>{t('applications.candidates.count', { count: total })}</p>
          {await Promise.all(items.map((candidate) => <One ctx={ctx} candidate={candidate} advert={advert!} />))}
        </div>
      )}
      <Pager
        ctx={ctx}
        from={from}
        shown={items.length}
        total={total}
        next={from + SHOWN <= total ? page(from + SHOWN) : null}
        previous={from > 1 ? page(Math.max(1, from - SHOWN)) : null}
      />
    </WorkPage>
  )
}

async function One({ ctx, candidate, advert }: { ctx: Ctx; candidate: Candidate; advert: AdvertWords }) {
  const { t, format } = ctx
  const trades = await Promise.all(candidate.isco.slice(0, 3).map((code) => occupationLabel(ctx, code)))
  return (
    <Card>
      <h2>{format.list(trades)}</h2>
      <p>
        {candidate.languages === null && candidate.licences === null ? (
          <Tag state="unknown">{t('applications.match.unknown')}</Tag>
        ) : candidate.lacks.length === 0 ? (
          <Tag state="ok">{t('applications.match.fits')}</Tag>
        ) : (
          <Tag state="attention">
            {t('applications.match.lacks', { list: format.list(candidate.lacks.map((lack) => lackWords(ctx, lack))) })}
          </Tag>
        )}
      </p>
      <ProfileView ctx={ctx} profile={candidate} />
      {candidate.approached ? (
        <p class="quiet">{t('applications.candidates.asked')}</p>
      ) : (
        <form method="post">
          <HiddenField name="candidate" value={candidate.id} />
          <HiddenField name="vacancy" value={advert.reference} />
          <Button kind="second" icon="send">
            {t('applications.candidates.ask')}
          </Button>
        </form>
      )}
    </Card>
  )
}
