import QRCode from 'qrcode'
import { definePage, localPath } from '#kernel/http/page.ts'
import { Crumb } from '#kernel/ui/blocks.tsx'
import { PublicPage } from '#kernel/ui/layout.tsx'
import { getPublicVacancy } from '../vacancies.ts'
import { VacancyBody, VacancyHead } from './advert.tsx'

/** The advert for paper: all of it in one column, with its address as a code that a telephone reads. */
export const printPage = definePage({
  path: '/vacancies/:reference/print',
  access: 'public',
  async get(ctx, c) {
    const vacancy = await getPublicVacancy(ctx, c.req.param('reference')!)
    const { t } = ctx
    const path = `/vacancies/${vacancy.reference}`
    const address = ctx.platform.config.origin + localPath(ctx, path)
    const code = await QRCode.toString(address, { type: 'svg', margin: 0, color: { light: '#0000' } })
    return (
      <PublicPage ctx={ctx} title={vacancy.title} current="/vacancies" path={`${path}/print`} robots="noindex">
        <div class="noprint">
          <Crumb href={localPath(ctx, path)} label={t('vacancies.print.back')} />
          <p class="quiet">{t('vacancies.print.how')}</p>
        </div>
        <article class="flow sheet-print">
          <VacancyHead ctx={ctx} vacancy={vacancy} />
          <VacancyBody ctx={ctx} vacancy={vacancy} />
          <div class="qr">
            <div
              dangerouslySetInnerHTML={{
                __html: code
                  .replace(/<\?xml[^>]*>|<!DOCTYPE[^>]*>/g, '')
                  .replace('<svg ', '<svg role="img" aria-hidden="true" '),
              }}
            />
            <p>
              {t('vacancies.print.address')} <span class="address">{address}</span>
            </p>
          </div>
          {vacancy.contacts.map(({ value }) => (
            <p>{value}</p>
          ))}
          <p>{t('vacancies.apply.never_pay')}</p>
        </article>
      </PublicPage>
    )
  },
})
