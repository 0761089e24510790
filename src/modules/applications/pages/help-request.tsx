import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { type FormErrors, readForm } from '#kernel/http/forms.ts'
import { definePage, localPath, seeOther } from '#kernel/http/page.ts'
import { Card, Crumb, Headline, Pairs } from '#kernel/ui/blocks.tsx'
import { Button } from '#kernel/ui/buttons.tsx'
import { RadioGroup } from '#kernel/ui/choices.tsx'
import { ErrorSummary, errorTexts } from '#kernel/ui/errors.tsx'
import { Note, Tag } from '#kernel/ui/states.tsx'
import { WorkPage } from '#kernel/ui/work-layout.tsx'
import { closeRequest, getRequest, type HelpRequest, OUTCOMES, takeRequest } from '../help.ts'
import { HELP_REQUESTS } from '../work.ts'

const End = z.object({ outcome: z.enum(OUTCOMES, 'applications.help.outcome_missing') })

/** Somebody wants to be called. Whom, is shown to whoever takes it. */
export const helpRequestPage = definePage({
  path: `${HELP_REQUESTS}/:reference`,
  access: 'application.assist',
  get: async (ctx, c) => <View ctx={ctx} request={await getRequest(ctx, c.req.param('reference')!)} errors={{}} />,
  async post(ctx, c, form) {
    const request = await getRequest(ctx, c.req.param('reference')!)
    const path = `${HELP_REQUESTS}/${request.reference}`
    if (form.get('act') === 'take') {
      await takeRequest(ctx, request.reference)
      return seeOther(ctx, c, path)
    }
    const read = readForm(End, form)
    if (!read.ok) {
      c.status(422)
      return <View ctx={ctx} request={request} errors={read.errors} />
    }
    await closeRequest(ctx, request.reference, read.value.outcome)
    return seeOther(ctx, c, path)
  },
})

function View({ ctx, request, errors }: { ctx: Ctx; request: HelpRequest; errors: FormErrors }) {
  const { t, format } = ctx
  const { reference, about, what, contact, asked_at, due_at, closed_at, outcome } = request
  const words = errorTexts(ctx, errors)
  const late = Temporal.Instant.compare(due_at, ctx.now) < 0
  return (
    <WorkPage ctx={ctx} title={t('applications.help.title')} current="/work" path={`${HELP_REQUESTS}/${reference}`}>
      <Crumb href={localPath(ctx, '/work')} label={t('applications.help.back')}>
        <span class="code">{reference}</span>
      </Crumb>
      <ErrorSummary ctx={ctx} errors={words} />
      <Headline title={t('applications.help.title')} lead={t(`applications.help.about_${about}`)} />
      <div class="two">
        <div class="flow">
          <Pairs
            items={[
              [t('applications.help.what'), format.list(what.map((one) => t(`applications.code.help.${one}`)))],
              [t('applications.help.asked'), format.dateTime(asked_at)],
              closed_at === null && [
                t('applications.help.due'),
                <Tag state={late ? 'urgent' : 'attention'}>{format.dateTime(due_at)}</Tag>,
              ],
              contact && [t('applications.form.name'), contact.name],
              contact && [t('applications.form.phone'), <a href={`tel:${contact.phone}`}>{contact.phone}</a>],
              contact && [t('applications.form.own'), t(`applications.form.own_${contact.own ? 'yes' : 'no'}`)],
              contact?.when ? [t('applications.form.when'), contact.when] : null,
              outcome ? [t('applications.help.outcome'), t(`applications.code.outcome.${outcome}`)] : null,
            ]}
          />
          <Note state="attention" title={t('applications.help.careful')}>
            {t('applications.help.careful_text')}
          </Note>
        </div>
        {closed_at === null && (
          <aside>
            <Card>
              {contact ? (
                <form method="post" class="flow">
                  <RadioGroup
                    name="outcome"
                    label={t('applications.help.outcome')}
                    error={words.outcome}
                    options={OUTCOMES.map((value) => ({ value, label: t(`applications.code.outcome.${value}`) }))}
                  />
                  <Button>{t('applications.help.close')}</Button>
                </form>
              ) : (
                <form method="post" class="flow">
                  <p>{t('applications.help.take_text')}</p>
                  <Button name="act" value="take">
                    {t('applications.help.take')}
                  </Button>
                </form>
              )}
            </Card>
          </aside>
        )}
      </div>
    </WorkPage>
  )
}
