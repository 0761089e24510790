import type { Ctx } from '../../context.ts'
import { definePage, localPath } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Button, Buttons, LinkButton } from '../../ui/buttons.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { FEW_CODES, ownRecoveryCodes, renewRecoveryCodes } from '../recovery-codes.ts'
import { askProof } from '../step-up.ts'

const PATH = '/work/account/recovery-codes'

/** One-time codes for when the telephone is not at hand; new ones are shown once, here. */
export const recoveryCodesPage = definePage({
  path: PATH,
  access: 'staff',
  get: (ctx) => show(ctx),
  async post(ctx, c) {
    return (await askProof(ctx, c, PATH)) ?? show(ctx, await renewRecoveryCodes(ctx))
  },
})

async function show(ctx: Ctx, fresh?: string[]) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('access.recovery.title')} current="/work/account" path={PATH}>
      <Crumb href={localPath(ctx, '/work/account')} label={t('access.account.title')} />
      <Headline title={t('access.recovery.title')} lead={t('access.recovery.lead')} />
      {fresh ? (
        <>
          <Note state="attention" title={t('access.recovery.once')} announce>
            {t('access.recovery.keep')}
          </Note>
          <ol>
            {fresh.map((code) => (
              <li>
                <code>{code.replaceAll(' ', '\u00a0')}</code>
              </li>
            ))}
          </ol>
          <Buttons>
            <LinkButton href={localPath(ctx, '/work/account')}>{t('access.recovery.kept')}</LinkButton>
          </Buttons>
        </>
      ) : (
        <>
          <RecoveryState ctx={ctx} />
          <form method="post" action={localPath(ctx, PATH)}>
            <Buttons>
              <Button icon="key">{t('access.recovery.make')}</Button>
            </Buttons>
          </form>
        </>
      )}
    </WorkPage>
  )
}

/** How many codes are left; a warning when few or none are. */
export async function RecoveryState({ ctx }: { ctx: Ctx }) {
  const own = await ownRecoveryCodes(ctx)
  if (!own) return <Note state="unknown" title={ctx.t('access.recovery.none')} />
  const left = ctx.t('access.recovery.left', { left: own.left })
  return own.left > FEW_CODES ? (
    <Note state="ok" title={left} />
  ) : (
    <Note state="attention" title={left}>
      {ctx.t('access.recovery.few')}
    </Note>
  )
}
