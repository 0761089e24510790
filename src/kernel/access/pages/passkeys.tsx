import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { readForm } from '../../http/forms.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { problem } from '../../problem.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons } from '../../ui/buttons.tsx'
import { ErrorSummary, errorTexts } from '../../ui/errors.tsx'
import { TextField } from '../../ui/fields.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { describeAgent } from '../agent.ts'
import { addPasskey, creationOptions, listPasskeys, removePasskey, renamePasskey } from '../passkeys.ts'
import { askProof, ownAccount } from '../step-up.ts'
import { PasskeyForm, PasskeyScript } from './passkey-form.tsx'

const NEW = '/work/account/passkeys/new'
const NAME = z.object({ name: z.string('access.passkey.name_missing').max(60) })
const ADDED = NAME.extend({ response: z.string() })

/** A new passkey on this device. */
export const newPasskeyPage = definePage({
  path: NEW,
  access: 'staff',
  get: async (ctx, c) =>
    (await askProof(ctx, c, NEW)) ?? showNew(ctx, describeAgent(c.req.header('user-agent')) ?? undefined),
  async post(ctx, c, form) {
    const away = await askProof(ctx, c, NEW)
    if (away) return away
    const read = readForm(ADDED, form)
    if (read.ok && (await addPasskey(ctx, read.value.response, read.value.name)))
      return seeOther(ctx, c, '/work/account?done=passkey')
    c.status(422)
    const name = read.ok ? undefined : read.errors.name
    return showNew(ctx, read.values.name, ctx.t(name ?? 'access.passkey.not_added'))
  },
})

/** One passkey: its name, and the way to take it out of use. */
export const passkeyPage = definePage({
  path: '/work/account/passkeys/:id',
  access: 'staff',
  get: (ctx, c) => showOne(ctx, c.req.param('id')!),
  async post(ctx, c, form) {
    const id = c.req.param('id')!
    if (!z.uuid().safeParse(id).success) throw problem('not_found')
    if (form.get('act') === 'remove') {
      await removePasskey(ctx, id)
      return seeOther(ctx, c, '/work/account?done=passkey_removed')
    }
    const read = readForm(NAME, form)
    if (!read.ok) {
      c.status(422)
      return showOne(ctx, id, errorTexts(ctx, read.errors))
    }
    await renamePasskey(ctx, id, read.value.name)
    return seeOther(ctx, c, '/work/account')
  },
})

async function showNew(ctx: Ctx, name: string | undefined, error?: string) {
  const { t } = ctx
  const { email } = await ownAccount(ctx)
  return (
    <WorkPage ctx={ctx} title={t('access.passkey.new')} current="/work/account" path={NEW} head={<PasskeyScript />}>
      <Crumb href={localPath(ctx, '/work/account')} label={t('access.account.title')} />
      <ErrorSummary ctx={ctx} errors={error === undefined ? undefined : { name: error }} />
      <Headline title={t('access.passkey.new')} lead={t('access.passkey.what')} />
      <PasskeyForm
        ctx={ctx}
        kind="create"
        options={await creationOptions(ctx, email)}
        action={NEW}
        button={t('access.passkey.make')}
        otherwise={t('access.passkey.new_no_script')}
      >
        <TextField
          name="name"
          label={t('access.passkey.name')}
          hint={t('access.passkey.name_hint')}
          value={name}
          maxlength={60}
        />
      </PasskeyForm>
    </WorkPage>
  )
}

async function showOne(ctx: Ctx, id: string, errors?: Record<string, string>) {
  const { t, format } = ctx
  const passkey = (await listPasskeys(ctx)).find((own) => own.id === id)
  if (!passkey) throw problem('not_found')
  const path = `/work/account/passkeys/${id}`
  return (
    <WorkPage ctx={ctx} title={passkey.name} current="/work/account" path={path}>
      <Crumb href={localPath(ctx, '/work/account')} label={t('access.account.title')} />
      <ErrorSummary ctx={ctx} errors={errors} />
      <Headline title={passkey.name} lead={t('access.passkey.since', { date: format.date(passkey.created_at) })} />
      <form method="post" action={localPath(ctx, path)} novalidate>
        <TextField
          name="name"
          label={t('access.passkey.name')}
          error={errors?.name}
          value={passkey.name}
          maxlength={60}
        />
        <Buttons>
          <Button>{t('access.account.save')}</Button>
          <Button kind="second" name="act" value="remove">
            {t('access.passkey.remove')}
          </Button>
        </Buttons>
      </form>
      <p class="quiet">{t('access.passkey.remove_hint')}</p>
    </WorkPage>
  )
}
