import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { changePassword } from '../password-change.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD, weaknessOf } from '../passwords.ts'
import { askProof, ownAccount } from '../step-up.ts'
import { refusal } from './enter.ts'

const PATH = '/work/account/password'
const FORM = z.object({
  present: z.string('access.sign_in.password_missing').max(LONGEST_PASSWORD, 'access.password.wrong'),
  password: z.string('access.sign_in.password_missing').max(LONGEST_PASSWORD, 'ui.error.invalid'),
})

/** A new password of one's own; other devices are signed out. */
export const passwordPage = definePage({
  path: PATH,
  access: 'staff',
  get: async (ctx, c) => (await askProof(ctx, c, PATH)) ?? show(ctx),
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, PATH)
    if (away) return away
    const read = readForm(FORM, form)
    const weak = read.values.password ? weaknessOf(read.values.password, (await ownAccount(ctx)).email) : null
    if (!read.ok || weak) {
      c.status(422)
      return show(ctx, errorTexts(ctx, { ...(read.ok ? {} : read.errors), ...(weak && { password: weak }) }))
    }
    const result = await changePassword(ctx, read.value)
    if (result === 'done') return seeOther(ctx, c, '/work/account?done=password')
    if (result !== 'wrong') return show(ctx, { present: refusal(ctx, c, { kind: 'blocked', until: result.until }) })
    c.status(422)
    return show(ctx, { present: ctx.t('access.password.wrong') })
  },
})

function show(ctx: Ctx, errors?: Record<string, string>) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.password.title')} current="/work/account" path={PATH}>
      <Crumb href={localPath(ctx, '/work/account')} label={t('access.account.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={t('access.password.title')} lead={t('access.password.others_end')} />
      <form method="post" action={localPath(ctx, PATH)} novalidate>
        <TextField
          name="present"
          label={t('access.password.present')}
          error={errors?.present}
          type="password"
          autocomplete="current-password"
          maxlength={LONGEST_PASSWORD}
        />
        <TextField
          name="password"
          label={t('access.password.new')}
          hint={t('access.password.rule', { letters: SHORTEST_PASSWORD })}
          error={errors?.password}
          type="password"
          autocomplete="new-password"
          maxlength={LONGEST_PASSWORD}
        />
        <Buttons>
          <Button>{t('access.account.save')}</Button>
        </Buttons>
      </form>
    </WorkPage>
  )
}
