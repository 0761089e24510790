import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField, TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { listPasskeys, relyingParty, requestOptions } from '../passkeys.ts'
import { returnPath } from '../return-path.ts'
import { setSessionCookie } from '../sessions.ts'
import { stepUp } from '../step-up.ts'
import { refusal } from './enter.ts'
import { PasskeyForm, PasskeyScript } from './passkey-form.tsx'

const FORM = z.object({
  code: z.string('access.sign_in.code_missing').regex(/^(\d{3}\s?\d{3}|(\d{4}[\s-]?){3})$/, 'access.sign_in.code_form'),
})

/** Before a dangerous act: a code or a passkey once more, good for ten minutes. */
export const stepUpPage = definePage({
  path: '/work/step-up',
  access: 'staff',
  get: (ctx, c) => show(ctx, backOf(ctx, c.req.query('return'))),
  async post(ctx, c, form) {
    const back = backOf(ctx, form.get('return'))
    const response = form.get('response')
    if (typeof response === 'string' && response) return answer(ctx, c, back, { response })
    const read = readForm(FORM, form)
    if (read.ok) return answer(ctx, c, back, read.value)
    c.status(422)
    return show(ctx, back, errorTexts(ctx, read.errors))
  },
})

async function answer(ctx: Ctx, c: Context, back: string, given: { code: string } | { response: string }) {
  const result = await stepUp(ctx, given)
  if (result.kind !== 'proven') {
    const text = refusal(ctx, c, result)
    return show(ctx, back, { code: result.kind === 'wrong' ? ctx.t('access.step_up.wrong') : text })
  }
  setSessionCookie(ctx, c, result.token)
  return c.redirect(back, 303)
}

const backOf = (ctx: Ctx, value: unknown) =>
  returnPath(typeof value === 'string' ? value : null, localPath(ctx, '/work/account'))

async function show(ctx: Ctx, back: string, errors?: Record<string, string>) {
  const { t } = ctx
  const passkeys = relyingParty(ctx) !== null && (await listPasskeys(ctx)).length > 0
  return (
    <WorkPage
      ctx={ctx}
      title={t('access.step_up.title')}
      current="/work/account"
      path={`/work/step-up?return=${encodeURIComponent(back)}`}
      head={passkeys && <PasskeyScript />}
    >
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('access.step_up.title')} lead={t('access.step_up.why')} />
      <form method="post" action={localPath(ctx, '/work/step-up')} novalidate>
        <HiddenField name="return" value={back} />
        <TextField
          name="code"
          label={t('access.sign_in.code')}
          hint={t('access.sign_in.code_hint')}
          error={errors?.code}
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength={14}
          width="digits"
        />
        <Buttons>
          <Button>{t('access.organisation.submit')}</Button>
        </Buttons>
      </form>
      {passkeys && (
        <PasskeyForm
          ctx={ctx}
          kind="get"
          options={await requestOptions(ctx)}
          action="/work/step-up"
          button={t('access.passkey.use')}
          second
          otherwise={t('access.step_up.no_script')}
        >
          <HiddenField name="return" value={back} />
        </PasskeyForm>
      )}
    </WorkPage>
  )
}
