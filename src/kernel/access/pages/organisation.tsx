import type { Child } from 'hono/jsx'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { RadioGroup } from '../../ui/choices.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { returnPath } from '../return-path.ts'
import { listOwnOrganisations, setSessionCookie, switchOrganisation } from '../sessions.ts'

const FORM = z.object({ organisation: z.uuid('access.organisation.choose') })

/** For which organisation one works now: rights and records follow from it. */
export const organisationPage = definePage({
  path: '/work/organisation',
  access: 'staff',
  get: (ctx, c) => show(ctx, c.req.query('return')),
  async post(ctx, c, form) {
    const back = String(form.get('return') ?? '')
    const read = readForm(FORM, form)
    if (!read.ok) {
      c.status(422)
      return show(ctx, back, errorTexts(ctx, read.errors))
    }
    setSessionCookie(ctx, c, await switchOrganisation(ctx, read.value.organisation))
    return c.redirect(returnPath(back, localPath(ctx, '/work')), 303)
  },
})

async function show(ctx: Ctx, back: string | undefined, errors?: Record<string, string>): Promise<Child> {
  const organisations = await listOwnOrganisations(ctx)
  const { t } = ctx
  const current = ctx.actor.kind === 'staff' ? ctx.actor.organisation_id : null
  return (
    <WorkPage ctx={ctx} title={t('access.organisation.title')} current="/work/organisation">
      <ErrorSummary ctx={ctx} errors={errors} />
      <form method="post" action={localPath(ctx, '/work/organisation')}>
        <HiddenField name="return" value={returnPath(back, '') || null} />
        <RadioGroup
          heading
          name="organisation"
          label={t('access.organisation.title')}
          hint={t(organisations.length > 1 ? 'access.organisation.hint' : 'access.organisation.only')}
          error={errors?.organisation}
          value={current}
          options={organisations.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Buttons>
          <Button>{t('access.organisation.submit')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
