import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { More } from '#kernel/ui/blocks.tsx'
import { Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import type { Vacancy } from '../vacancies.ts'

/** Ways to pass an advert on that work without script: a message, the plain address, paper. */
export function Share({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  const path = localPath(ctx, `/vacancies/${vacancy.reference}`)
  const address = ctx.platform.config.origin + path
  const text = encodeURIComponent(`${vacancy.title} ${address}`)
  return (
    <div class="noprint">
      <Buttons>
        <LinkButton kind="second" icon="print" href={`${path}/print`}>
          {t('vacancies.share.print')}
        </LinkButton>
      </Buttons>
      <More icon="share" label={t('vacancies.share.title')}>
        <p>
          <a href={`sms:?body=${text}`}>{t('vacancies.share.sms')}</a> ·{' '}
          <a
            href={`https://t.me/share/url?url=${encodeURIComponent(address)}&text=${encodeURIComponent(vacancy.title)}`}
          >
            Telegram
          </a>{' '}
          · <a href={`https://wa.me/?text=${text}`}>WhatsApp</a>
        </p>
        <p>
          {t('vacancies.share.copy')} <span class="address">{address}</span>
        </p>
      </More>
    </div>
  )
}
