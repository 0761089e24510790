import type { Context } from 'hono'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField, TextField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { describeAgent } from '../agent.ts'
import { LONGEST_PASSWORD } from '../passwords.ts'
import { returnPath } from '../return-path.ts'
import { sessionToken, setSessionCookie } from '../sessions.ts'
import { type SignInResult, signIn } from '../sign-in.ts'

const FORM = z.object({
  email: z.email('access.sign_in.email_form').max(254),
  password: z.string('access.sign_in.password_missing').max(LONGEST_PASSWORD, 'access.sign_in.wrong'),
  code: z.string('access.sign_in.code_missing').regex(/^\d{3}\s?\d{3}$/, 'access.sign_in.code_form'),
})

/** Where staff sign in: e-mail address, password and six-digit code on one page. */
export const signInPage = definePage({
  path: '/sign-in',
  access: 'sign-in',
  get: (ctx, c) => (
    <SignIn
      ctx={ctx}
      back={askedFor(c.req.query('return'))}
      note={c.req.query('out') ? 'access.sign_in.signed_out' : undefined}
    />
  ),
  async post(ctx, c, form) {
    const back = askedFor(form.get('return'))
    const read = readForm(FORM, form)
    if (!read.ok) {
      c.status(422)
      return <SignIn ctx={ctx} back={back} email={read.values.email} errors={errorTexts(ctx, read.errors)} />
    }
    const agent = describeAgent(c.req.header('user-agent'))
    const result = await signIn(ctx, { ...read.value, agent, former: sessionToken(c) })
    if (result.kind === 'signed_in') {
      setSessionCookie(ctx, c, result.token)
      const target = back ?? localPath(ctx, '/work')
      return c.redirect(
        result.choose ? localPath(ctx, `/work/organisation?return=${encodeURIComponent(target)}`) : target,
        303,
      )
    }
    const again: Record<string, string> = result.kind === 'wrong' ? { code: ctx.t('access.sign_in.code_again') } : {}
    return (
      <SignIn
        ctx={ctx}
        back={back}
        email={read.value.email}
        errors={again}
        summary={{ password: refusal(ctx, c, result) }}
      />
    )
  },
})

// The status goes with the page; when to come back is told to people and to machines.
function refusal(ctx: Ctx, c: Context, result: Exclude<SignInResult, { kind: 'signed_in' }>): string {
  if (result.kind !== 'blocked') {
    c.status(422)
    return ctx.t(`access.sign_in.${result.kind}`)
  }
  c.status(429)
  c.header('Retry-After', String(Math.ceil(result.until.since(ctx.now).total('seconds'))))
  return ctx.t('access.sign_in.blocked', { time: ctx.format.time(result.until) })
}

const askedFor = (value: unknown) => returnPath(typeof value === 'string' ? value : null, '') || undefined

type Props = {
  ctx: Ctx
  back?: string | undefined
  email?: string | undefined
  errors?: Record<string, string>
  /** What stands at the top, when it is not the fields' errors. */
  summary?: Record<string, string>
  note?: string | undefined
}

// Password and code never come back to the page.
function SignIn({ ctx, back, email, errors, summary = errors, note }: Props) {
  const { t } = ctx
  return (
    <PublicPage
      ctx={ctx}
      title={t('access.sign_in.title')}
      path={back ? `/sign-in?return=${encodeURIComponent(back)}` : '/sign-in'}
      robots="noindex"
    >
      <div class="column flow">
        <ErrorSummary ctx={ctx} errors={summary} title={t('access.sign_in.failed')} />
        {note && <p role="status">{t(note)}</p>}
        <h1>{t('access.sign_in.heading')}</h1>
        <p class="quiet">{t('access.sign_in.for_staff')}</p>
        <form method="post" action={localPath(ctx, '/sign-in')} novalidate>
          <HiddenField name="return" value={back} />
          <TextField
            name="email"
            label={t('access.sign_in.email')}
            error={errors?.email}
            value={email}
            type="email"
            autocomplete="username"
            maxlength={254}
            spellcheck={false}
          />
          <TextField
            name="password"
            label={t('access.sign_in.password')}
            error={errors?.password}
            type="password"
            autocomplete="current-password"
            maxlength={LONGEST_PASSWORD}
          />
          <TextField
            name="code"
            label={t('access.sign_in.code')}
            hint={t('access.sign_in.code_hint')}
            error={errors?.code}
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength={7}
            width="digits"
          />
          <Buttons>
            <Button icon="key">{t('access.sign_in.submit')}</Button>
          </Buttons>
        </form>
        <p class="quiet">{t('access.sign_in.forgotten')}</p>
      </div>
    </PublicPage>
  )
}
