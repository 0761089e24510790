import QRCode from 'qrcode'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { PublicPage } from '../../ui/layout.tsx'
import { keepDevices, rememberDevice, sentDevices } from '../devices.ts'
import { findLink, linkSecret, takeLink } from '../links.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD, weaknessOf } from '../passwords.ts'
import { totpAddress } from '../totp.ts'

const FORM = z.object({
  password: z.string('access.sign_in.password_missing').max(LONGEST_PASSWORD, 'ui.error.invalid'),
  code: z.string('access.sign_in.code_missing').regex(/^\d{3}\s?\d{3}$/, 'access.sign_in.code_form'),
})

const gone = () => problem('gone', { detail: 'access.set_up.gone' })

/** By a link of the administrator, once: the person's own password and authenticator. Looking at it uses nothing up. */
export const setUpPage = definePage({
  path: '/sign-in/set-up/:token',
  access: 'sign-in',
  get: (ctx, c) => show(ctx, c.req.param('token')!),
  async post(ctx, c, form) {
    const token = c.req.param('token')!
    const link = await findLink(ctx, token)
    if (!link) throw gone()
    const read = readForm(FORM, form)
    const weak = read.values.password ? weaknessOf(read.values.password, link.email) : null
    const errors = { ...(read.ok ? {} : read.errors), ...(weak && { password: weak }) }
    if (read.ok && !weak) {
      const result = await takeLink(ctx, token, read.value)
      if (result === 'done') {
        // Whoever has just shown the new code may try on here, whatever strangers do elsewhere.
        keepDevices(ctx, c, rememberDevice(ctx, link.email, sentDevices(ctx, c)))
        return seeOther(ctx, c, '/sign-in?set=1')
      }
      if (result === 'gone') throw gone()
      Object.assign(errors, { code: 'access.set_up.wrong_code' })
    }
    c.status(422)
    return show(ctx, token, errorTexts(ctx, errors))
  },
})

async function show(ctx: Ctx, token: string, errors: Record<string, string> = {}) {
  const link = await findLink(ctx, token)
  if (!link) throw gone()
  const { t } = ctx
  const address = totpAddress(linkSecret(ctx, token), link.email)
  const picture = await QRCode.toString(address, { type: 'svg', margin: 0, color: { light: '#0000' } })
  const secret = new URL(address).searchParams.get('secret')!
  return (
    <PublicPage ctx={ctx} title={t('access.set_up.title')} path={`/sign-in/set-up/${token}`} robots="noindex">
      <div class="column flow">
        <ErrorSummary ctx={ctx} errors={errors} />
        <h1>{t('access.set_up.title')}</h1>
        <p>{t('access.set_up.greeting', { name: link.name })}</p>
        <form class="flow" method="post" action={localPath(ctx, `/sign-in/set-up/${token}`)} novalidate>
          <h2>{t('access.set_up.first')}</h2>
          <p>
            {t('access.sign_in.email')}: <b>{link.email}</b>
          </p>
          <TextField
            name="password"
            label={t('access.password.new')}
            hint={t('access.password.rule', { letters: SHORTEST_PASSWORD })}
            error={errors.password}
            type="password"
            autocomplete="new-password"
            maxlength={LONGEST_PASSWORD}
          />
          <h2>{t('access.set_up.second')}</h2>
          <p>{t('access.set_up.app')}</p>
          <div class="qr">
            <div
              dangerouslySetInnerHTML={{
                __html: picture
                  .replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, '')
                  .replace('<svg ', '<svg role="img" aria-hidden="true" '),
              }}
            />
          </div>
          <p>
            {t('access.set_up.by_hand')} <code>{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          </p>
          <p>
            <a href={address}>{t('access.set_up.on_this_phone')}</a>
          </p>
          <TextField
            name="code"
            label={t('access.sign_in.code')}
            hint={t('access.set_up.code_hint')}
            error={errors.code}
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength={7}
            width="digits"
          />
          <Buttons>
            <Button icon="key">{t('access.account.save')}</Button>
          </Buttons>
        </form>
      </div>
    </PublicPage>
  )
}
