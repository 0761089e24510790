import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { HiddenField, TextField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { describeAgent } from '../agent.ts'
import { sentDevices } from '../devices.ts'
import { hasProvider } from '../oidc.ts'
import { relyingParty } from '../passkeys.ts'
import { LONGEST_PASSWORD } from '../passwords.ts'
import { sessionToken } from '../sessions.ts'
import { signIn } from '../sign-in.ts'
import { askedFor, enterWorkspace, refusal, withReturn } from './enter.ts'

// Six digits of the authenticator, or the twelve of a recovery code.
const FORM = z.object({
  email: z.email('access.sign_in.email_form').max(254),
  password: z.string('access.sign_in.password_missing').max(LONGEST_PASSWORD, 'access.sign_in.wrong'),
  code: z.string('access.sign_in.code_missing').regex(/^(\d{3}\s?\d{3}|(\d{4}[\s-]?){3})$/, 'access.sign_in.code_form'),
})

const NOTES = {
  out: 'access.sign_in.signed_out',
  set: 'access.set_up.done',
  provider: 'access.sign_in.provider_refused',
}

/** Where staff sign in: e-mail address, password and six-digit code on one page. */
export const signInPage = definePage({
  path: '/sign-in',
  access: 'sign-in',
  get(ctx, c) {
    const note = Object.entries(NOTES).find(([name]) => c.req.query(name))?.[1]
    return <SignIn ctx={ctx} back={askedFor(c.req.query('return'))} note={note} />
  },
  async post(ctx, c, form) {
    const back = askedFor(form.get('return'))
    const read = readForm(FORM, form)
    if (!read.ok) {
      c.status(422)
      return <SignIn ctx={ctx} back={back} email={read.values.email} errors={errorTexts(ctx, read.errors)} />
    }
    const agent = describeAgent(c.req.header('user-agent'))
    const result = await signIn(ctx, { ...read.value, agent, devices: sentDevices(ctx, c), former: sessionToken(c) })
    if (result.kind === 'signed_in') return enterWorkspace(ctx, c, result, back)
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
  const party = relyingParty(ctx)
  return (
    <PublicPage ctx={ctx} title={t('access.sign_in.title')} path={withReturn('/sign-in', back)} robots="noindex">
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
            maxlength={14}
            width="digits"
          />
          <Buttons>
            <Button icon="key">{t('access.sign_in.submit')}</Button>
            {party && (
              <LinkButton kind="plain" href={party.origin + localPath(ctx, withReturn('/sign-in/passkey', back))}>
                {t('access.sign_in.has_passkey')}
              </LinkButton>
            )}
            {hasProvider(ctx) && (
              <LinkButton kind="plain" href={localPath(ctx, withReturn('/sign-in/provider', back))}>
                {t('access.sign_in.by_provider')}
              </LinkButton>
            )}
          </Buttons>
        </form>
        <p class="quiet">
          {t('access.sign_in.phone_lost')} {t('access.sign_in.forgotten')}
        </p>
      </div>
    </PublicPage>
  )
}
