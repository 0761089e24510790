import { askProof } from '../../access/step-up.ts'
import type { Ctx } from '../../context.ts'
import { definePage, localPath, seeOther } from '../../http/page.ts'
import { Crumb, Headline } from '../../ui/blocks.tsx'
import { Buttons, LinkButton } from '../../ui/buttons.tsx'
import { Note } from '../../ui/states.tsx'
import { WorkPage } from '../../ui/work-layout.tsx'
import { LIST_PATH, webhookPath } from '../paths.ts'
import { ADMINISTER, changeSecret, getSubscription, OVERLAP_HOURS } from '../subscriptions.ts'

/** Another secret for an address. Shown once, on the page that answers. */
export const webhookSecretPage = definePage({
  path: `${LIST_PATH}/:id/secret`,
  access: ADMINISTER,
  get: (ctx, c) => seeOther(ctx, c, webhookPath(c.req.param('id')!)),
  async post(ctx, c) {
    const { id, url } = await getSubscription(ctx, c.req.param('id')!)
    const away = await askProof(ctx, c, webhookPath(id))
    if (away) return away
    return <SecretShown ctx={ctx} id={id} url={url} secret={await changeSecret(ctx, id)} changed />
  },
})

type SecretProps = { ctx: Ctx; id: string; url: string; secret: string; changed?: boolean }

/** The secret, to be put into the receiving program; it is not shown again. */
export function SecretShown({ ctx, id, url, secret, changed }: SecretProps) {
  const { t } = ctx
  return (
    <WorkPage ctx={ctx} title={t('webhooks.secret')} current={LIST_PATH} path={webhookPath(id)}>
      <Crumb href={localPath(ctx, LIST_PATH)} label={t('webhooks.title')} />
      <Headline title={t('webhooks.secret')} lead={url} />
      <Note state="attention" title={t('webhooks.secret_once')} announce>
        {t('webhooks.secret_hand_over')}
      </Note>
      <p>
        <code>{secret}</code>
      </p>
      {changed && <p>{t('webhooks.secret_overlap', { hours: OVERLAP_HOURS })}</p>}
      <Buttons>
        <LinkButton href={localPath(ctx, webhookPath(id))}>{t('webhooks.secret_kept')}</LinkButton>
      </Buttons>
    </WorkPage>
  )
}
