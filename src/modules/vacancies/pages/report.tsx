import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, type FormValues, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { parseReference } from '#kernel/ids.ts'
import { Card, Crumb } from '#kernel/ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { CheckboxField, RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary } from '#kernel/ui/errors.tsx'
import { TextArea } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { REPORT_REASONS, reportSuspicion, STORY_LENGTH } from '../reports.ts'
import { getPublicVacancy, type Vacancy } from '../vacancies.ts'

const Report = z.object({
  reason: z.enum(REPORT_REASONS, 'vacancies.report.reason_missing'),
  story: z.string().max(STORY_LENGTH, 'vacancies.report.story_long').optional(),
  wants_outcome: z.literal('yes').optional().catch(undefined),
})

/** Somebody passing by tells us what is wrong with an advert. Nothing is asked about themselves. */
export const reportPage = definePage({
  path: '/vacancies/:reference/report',
  access: 'public',
  async get(ctx, c) {
    const vacancy = await getPublicVacancy(ctx, c.req.param('reference')!)
    return <ReportForm ctx={ctx} vacancy={vacancy} values={{}} />
  },
  async post(ctx, c, form) {
    const vacancy = await getPublicVacancy(ctx, c.req.param('reference')!)
    const result = readForm(Report, form)
    if (!result.ok) {
      c.status(422)
      return <ReportForm ctx={ctx} vacancy={vacancy} values={result.values} errors={result.errors} />
    }
    const { wants_outcome, ...report } = result.value
    const code = await reportSuspicion(ctx, vacancy.reference, { ...report, wants_outcome: wants_outcome === 'yes' })
    return seeOther(ctx, c, `/vacancies/${vacancy.reference}/reported${code ? `?code=${code}` : ''}`)
  },
})

/** Says what happens now. Has an address of its own, so that loading it again reports nothing twice. */
export const reportedPage = definePage({
  path: '/vacancies/:reference/reported',
  access: 'public',
  get: (ctx, c) => {
    const { t } = ctx
    const code = parseReference(c.req.query('code') ?? '')
    if (code) c.header('Cache-Control', 'no-store')
    return (
      <PublicPage
        ctx={ctx}
        title={t('vacancies.report.thanks')}
        current="/vacancies"
        path="/vacancies"
        robots="noindex"
      >
        <div class="flow">
          <h1>{t('vacancies.report.thanks')}</h1>
          <Note state="ok" title={t('vacancies.report.kept')}>
            {t('vacancies.report.next')}
          </Note>
          {code && (
            <Card>
              <h2>{t('vacancies.report.code')}</h2>
              <p class="code">{code}</p>
              <p>
                {t('vacancies.report.code_text')}{' '}
                <a href={localPath(ctx, '/report-outcome')}>{t('vacancies.outcome.title')}</a>
              </p>
            </Card>
          )}
          <p>{t('vacancies.report.in_danger')}</p>
          <Buttons>
            <LinkButton href={localPath(ctx, '/vacancies')}>{t('vacancies.list.all')}</LinkButton>
            <LinkButton kind="second" href={localPath(ctx, '/help')}>
              {t('vacancies.report.help')}
            </LinkButton>
          </Buttons>
        </div>
      </PublicPage>
    )
  },
})

function ReportForm({
  ctx,
  vacancy,
  values,
  errors,
}: {
  ctx: Ctx
  vacancy: Vacancy
  values: FormValues
  errors?: FormErrors
}) {
  const { t } = ctx
  const words = Object.fromEntries(
    Object.entries(errors ?? {}).map(([field, key]) => [field, t(key, { most: STORY_LENGTH })]),
  )
  return (
    <PublicPage
      ctx={ctx}
      title={t('vacancies.report.title')}
      current="/vacancies"
      path={`/vacancies/${vacancy.reference}/report`}
      robots="noindex"
    >
      <Crumb href={localPath(ctx, `/vacancies/${vacancy.reference}`)} label={t('vacancies.report.back')} />
      <form method="post" class="flow">
        <ErrorSummary ctx={ctx} errors={words} />
        <h1>{t('vacancies.report.title')}</h1>
        <p>
          <b lang={vacancy.lang}>{vacancy.title}</b> · <span class="code">{vacancy.reference}</span>
        </p>
        <RadioGroup
          name="reason"
          label={t('vacancies.report.reason')}
          value={values.reason}
          error={words.reason}
          options={REPORT_REASONS.map((reason) => ({
            value: reason,
            label: t(`vacancies.code.report_reason.${reason}`),
          }))}
        />
        <TextArea
          name="story"
          label={t('vacancies.report.story')}
          hint={t('vacancies.report.story_hint')}
          value={values.story}
          error={words.story}
          maxlength={STORY_LENGTH}
        />
        <CheckboxField
          name="wants_outcome"
          label={t('vacancies.report.wants_outcome')}
          hint={t('vacancies.report.wants_outcome_hint')}
          checked={values.wants_outcome === 'yes'}
        />
        <Buttons>
          <Button icon="flag">{t('vacancies.report.send')}</Button>
        </Buttons>
        <p class="quiet">{t('vacancies.report.private')}</p>
      </form>
    </PublicPage>
  )
}
