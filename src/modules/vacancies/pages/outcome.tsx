import type { Ctx } from '#kernel/context.ts'
import { definePage, localPath } from '#kernel/http/page.ts'
import { Button, Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { TextField } from '#kernel/ui/fields.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { Note } from '#kernel/ui/states.tsx'
import { type Outcome, reportOutcome } from '../reports.ts'

/** What became of my report? Asked with the code, by a form that leaves it in no address. Names neither advert nor words. */
export const outcomePage = definePage({
  path: '/report-outcome',
  access: 'public',
  get: (ctx) => <Page ctx={ctx} />,
  async post(ctx, c, form) {
    const code = String(form.get('code') ?? '').slice(0, 40)
    c.header('Cache-Control', 'no-store')
    const outcome = await reportOutcome(ctx, code)
    if (!outcome) c.status(422)
    return <Page ctx={ctx} code={code} outcome={outcome} />
  },
})

function Page({ ctx, code, outcome }: { ctx: Ctx; code?: string; outcome?: Outcome | null }) {
  const { t } = ctx
  return (
    <PublicPage ctx={ctx} title={t('vacancies.outcome.title')} path="/report-outcome" robots="noindex">
      <div class="flow">
        <h1>{t('vacancies.outcome.title')}</h1>
        {outcome && <Told ctx={ctx} outcome={outcome} />}
        <form method="post" class="flow">
          <TextField
            name="code"
            label={t('vacancies.outcome.code')}
            hint={t('vacancies.outcome.code_hint')}
            value={code}
            error={code !== undefined && !outcome ? t('vacancies.outcome.unknown') : undefined}
            autocomplete="off"
            maxlength={40}
          />
          <Buttons>
            <Button kind={outcome ? 'second' : undefined}>{t('vacancies.outcome.ask')}</Button>
            <LinkButton kind="plain" href={localPath(ctx, '/help')}>
              {t('vacancies.report.help')}
            </LinkButton>
          </Buttons>
        </form>
      </div>
    </PublicPage>
  )
}

function Told({ ctx, outcome: { decision, reported_at, due_at, decided_at } }: { ctx: Ctx; outcome: Outcome }) {
  const { t, format } = ctx
  const reported = t('vacancies.outcome.reported', { date: format.date(reported_at) })
  if (decision === null || decided_at === null) {
    return (
      <Note state="unknown" title={t('vacancies.outcome.waits')} announce>
        {reported} {t('vacancies.outcome.due', { date: format.dateTime(due_at) })}
      </Note>
    )
  }
  return (
    <Note state="ok" title={t(`vacancies.outcome.${decision}`, { date: format.date(decided_at) })} announce>
      {reported} {t(`vacancies.outcome.${decision}_text`)}
    </Note>
  )
}
