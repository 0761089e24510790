import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { ErrorSummary } from '../../ui/errors.tsx'
import { HiddenField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { describeAgent } from '../agent.ts'
import { sentDevices } from '../devices.ts'
import { relyingParty, requestOptions } from '../passkeys.ts'
import { sessionToken } from '../sessions.ts'
import { signInWithPasskey } from '../sign-in.ts'
import { askedFor, enterWorkspace, refusal, withReturn } from './enter.ts'
import { PasskeyForm, PasskeyScript } from './passkey-form.tsx'

/** Signing in with a passkey, which stands for address, password and code. The one page before sign-in that has a script. */
export const signInPasskeyPage = definePage({
  path: '/sign-in/passkey',
  access: 'sign-in',
  get: (ctx, c) => show(ctx, askedFor(c.req.query('return'))),
  async post(ctx, c, form) {
    const back = askedFor(form.get('return'))
    const result = await signInWithPasskey(ctx, {
      response: String(form.get('response') ?? ''),
      agent: describeAgent(c.req.header('user-agent')),
      devices: sentDevices(ctx, c),
      former: sessionToken(c),
    })
    if (result.kind === 'signed_in') return enterWorkspace(ctx, c, result, back)
    const text = refusal(ctx, c, result)
    return show(ctx, back, result.kind === 'wrong' ? ctx.t('access.passkey.refused') : text)
  },
})

async function show(ctx: Ctx, back: string | undefined, error?: string) {
  if (!relyingParty(ctx)) throw problem('not_found')
  const { t } = ctx
  const password = withReturn('/sign-in', back)
  return (
    <PublicPage
      ctx={ctx}
      title={t('access.passkey.sign_in')}
      path={withReturn('/sign-in/passkey', back)}
      robots="noindex"
      head={<PasskeyScript />}
    >
      <div class="column flow">
        <ErrorSummary
          ctx={ctx}
          errors={error === undefined ? undefined : { password: error }}
          title={t('access.sign_in.failed')}
        />
        <h1>{t('access.passkey.sign_in')}</h1>
        <p>{t('access.passkey.sign_in_text')}</p>
        <PasskeyForm
          ctx={ctx}
          kind="get"
          options={await requestOptions(ctx)}
          action="/sign-in/passkey"
          button={t('access.passkey.use')}
          otherwise={t('access.passkey.no_script')}
        >
          <HiddenField name="return" value={back} />
        </PasskeyForm>
        <p>
          <a href={localPath(ctx, password)} id="password">
            {t('access.passkey.password_instead')}
          </a>
        </p>
      </div>
    </PublicPage>
  )
}
