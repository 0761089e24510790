import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { readForm } from '#kernel/http/forms.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { plainDate } from '#kernel/i18n/format.ts'
import { placePath } from '#kernel/places/places.ts'
import { Card, Crumb, Fact, Facts, Pairs } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { HiddenField, TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Seek } from '#kernel/ui/lists.tsx'
import { Note, NotStated, Tag } from '#kernel/ui/states.tsx'
import type { KnownEmployer } from '#modules/employers/public.ts'
import { Place } from '#modules/site/public.ts'
import { type FoundEmployer, isOwnNumber, type LookedUp, lookUp, MOST_FOUND } from '../look-up.ts'

export const AGENCIES_PATH = '/agencies'

// Whatever stands in an address is forgiven.
const Query = z.object({
  q: z.string().max(200).optional().catch(undefined),
  called: z.string().max(40).optional().catch(undefined),
})

/** Is this agency real? What is known of an employer or agency, since when, and whether it was they who called. */
export const agenciesPage = definePage({
  path: AGENCIES_PATH,
  access: 'public',
  async get(ctx, c) {
    const { t } = ctx
    const read = readForm(Query, new URL(c.req.url).searchParams)
    const { q, called } = read.ok ? read.value : {}
    const found = q ? await lookUp(ctx, q) : null
    return (
      <PublicPage ctx={ctx} title={t('guide.agency.title')} description={t('guide.agency.lead')} path={AGENCIES_PATH}>
        <div class="flow">
          {q && <Crumb href={localPath(ctx, AGENCIES_PATH)} label={t('guide.agency.again')} />}
          <h1>{t('guide.agency.title')}</h1>
          <p>{t('guide.agency.lead')}</p>
          <Seek label={t('guide.agency.search')} button={t('guide.agency.look')} value={q} />
          {found && <Answer ctx={ctx} q={q!} called={called} found={found} />}
          <Note state="attention" title={t('guide.agency.no_guarantee')}>
            <p>{t('guide.agency.no_guarantee_text')}</p>
          </Note>
          <h2>{t('guide.agency.before')}</h2>
          <ol class="todo">
            {['call_back', 'no_money', 'passport', 'contract'].map((step) => (
              <li>{t(`guide.agency.step_${step}`)}</li>
            ))}
          </ol>
          <Buttons>
            <LinkButton kind="second" icon="office" href={localPath(ctx, '/work-offices')}>
              {t('guide.offices.title')}
            </LinkButton>
          </Buttons>
        </div>
      </PublicPage>
    )
  },
})

type AnswerProps = { ctx: Ctx; q: string; called: string | undefined; found: LookedUp }

function Answer({ ctx, q, called, found: { employers, organisations } }: AnswerProps) {
  const { t } = ctx
  if (employers.length === 0 && organisations.length === 0) {
    return (
      <Note state="unknown" title={t('guide.agency.unknown', { q })} announce>
        <p>{t('guide.agency.unknown_text')}</p>
      </Note>
    )
  }
  const shown = employers.slice(0, MOST_FOUND)
  return (
    <>
      {shown.map((one) => (
        <Employer ctx={ctx} q={q} called={called} found={one} />
      ))}
      {employers.length > shown.length && <p class="quiet">{t('guide.agency.more', { count: employers.length })}</p>}
      {organisations.length > 0 && (
        <>
          <h2>{t('guide.agency.bodies')}</h2>
          <ul class="places">
            {organisations.map((organisation) => (
              <Place ctx={ctx} organisation={organisation} />
            ))}
          </ul>
        </>
      )}
    </>
  )
}

type EmployerProps = { ctx: Ctx; q: string; called: string | undefined; found: FoundEmployer }

async function Employer({ ctx, q, called, found: { employer, by } }: EmployerProps) {
  const { t, format } = ctx
  const missing = <NotStated ctx={ctx} />
  const others = employer.names.filter((name) => name !== employer.legal_name)
  const lapsed = isLapsed(ctx, employer)
  return (
    <Card id={employer.reference}>
      <h2>{employer.legal_name}</h2>
      <Facts>
        {employer.sample && <Tag state="attention">{t('guide.agency.sample')}</Tag>}
        <Tag state={employer.state === 'verified' ? 'ok' : 'stop'}>{t(`guide.agency.state_${employer.state}`)}</Tag>
        <Fact icon="office">{t(`guide.agency.kind_${employer.kind}`)}</Fact>
        <Fact icon="pin">{await placePath(ctx, employer.place_code ?? employer.country)}</Fact>
      </Facts>
      {others.length > 0 && <p class="quiet">{others.join(' · ')}</p>}
      <p>
        {t(`guide.agency.by_${by}`)} {t('guide.agency.since', { date: format.date(employer.verified_at) })}
      </p>
      <Pairs
        items={[
          [t('guide.agency.phone'), <a href={`tel:${employer.phone}`}>{employer.phone}</a>],
          [
            t('guide.agency.phone_checked'),
            employer.phone_checked_at ? format.date(employer.phone_checked_at) : t('guide.agency.not_checked'),
          ],
          [
            t('guide.agency.register'),
            employer.extract_on
              ? t('guide.agency.extract', { date: format.date(employer.extract_on) })
              : t('guide.agency.not_checked'),
          ],
          [t('guide.agency.tin'), employer.tin ?? missing],
          employer.kind === 'agency' && [
            t('guide.agency.licence'),
            employer.licence_no ? (
              <>
                {[employer.licence_no, employer.licence_by].filter(Boolean).join(' · ')}
                <br />
                {lapsed ? (
                  <Tag state="stop">
                    {t('guide.agency.licence_over', { date: format.date(employer.licence_until!) })}
                  </Tag>
                ) : (
                  employer.licence_until &&
                  t('guide.agency.licence_until', { date: format.date(employer.licence_until) })
                )}
              </>
            ) : (
              missing
            ),
          ],
          employer.website !== null && [t('guide.agency.website'), employer.website],
        ]}
      />
      <Called ctx={ctx} q={q} called={called} employer={employer} />
    </Card>
  )
}

const isLapsed = (ctx: Ctx, { licence_until }: KnownEmployer): boolean =>
  licence_until !== null && Temporal.PlainDate.compare(licence_until, plainDate(ctx.now)) < 0

/** Does the number that called match? Somebody may use a real agency's name. */
function Called({
  ctx,
  q,
  called,
  employer,
}: {
  ctx: Ctx
  q: string
  called: string | undefined
  employer: KnownEmployer
}) {
  const { t } = ctx
  const own = called ? isOwnNumber(employer, called) : null
  return (
    <form class="flow" action={`#${employer.reference}`}>
      <HiddenField name="q" value={q} />
      {called &&
        (own ? (
          <Note state="ok" title={t('guide.agency.same_number')}>
            <p>{t('guide.agency.same_number_text')}</p>
          </Note>
        ) : (
          <Note
            state={own === null ? 'unknown' : 'stop'}
            title={t(own === null ? 'guide.agency.number_short' : 'guide.agency.other_number')}
          >
            {own === false && <p>{t('guide.agency.other_number_text')}</p>}
          </Note>
        ))}
      <TextField
        name="called"
        id={`called-${employer.reference}`}
        label={t('guide.agency.called')}
        type="tel"
        inputmode="tel"
        value={called}
        maxlength={40}
      />
      <Button kind="second">{t('guide.agency.compare')}</Button>
    </form>
  )
}
