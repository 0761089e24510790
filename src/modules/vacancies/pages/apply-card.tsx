import type { Ctx } from '#kernel/context.ts'
import { localPath } from '#kernel/http/page.ts'
import { Card } from '#kernel/ui/blocks.tsx'
import { Buttons, LinkButton } from '#kernel/ui/buttons.tsx'
import { employerOf } from '#modules/employers/public.ts'
import type { Vacancy } from '../vacancies.ts'

/** How to apply: here, by telephone or mail, or where the advert comes from. */
export async function ApplyCard({ ctx, vacancy }: { ctx: Ctx; vacancy: Vacancy }) {
  const { t } = ctx
  // Who was verified is answered here, without an account; elsewhere the advert says itself how.
  if ((await employerOf(ctx, vacancy))?.state === 'verified')
    return (
      <Card id="apply">
        <h2>{t('vacancies.show.apply')}</h2>
        <p>{t('vacancies.apply.here_text')}</p>
        <Buttons>
          <LinkButton href={localPath(ctx, `/vacancies/${vacancy.reference}/apply`)} icon="send">
            {t('vacancies.apply.here')}
          </LinkButton>
        </Buttons>
        <p class="quiet">{t('vacancies.apply.never_pay')}</p>
      </Card>
    )
  const reachable = vacancy.contacts.filter(({ kind }) => kind === 'phone' || kind === 'email' || kind === 'url')
  return (
    <Card id="apply">
      <h2>{t('vacancies.show.apply')}</h2>
      {reachable.length > 0 ? (
        <>
          <p>
            {t(
              reachable.some(({ kind }) => kind === 'phone')
                ? 'vacancies.apply.ask_first'
                : 'vacancies.apply.write_first',
            )}
          </p>
          <Buttons>
            {reachable.map(({ kind, value }) => (
              <LinkButton
                href={
                  kind === 'phone'
                    ? `tel:${value.replace(/[^\d+]/g, '')}`
                    : kind === 'email'
                      ? `mailto:${value}`
                      : value
                }
                icon={kind === 'phone' ? 'phone' : kind === 'email' ? 'send' : 'globe'}
              >
                {kind === 'url' ? t('vacancies.apply.site') : value}
              </LinkButton>
            ))}
          </Buttons>
        </>
      ) : vacancy.source_url ? (
        <>
          <p>{t('vacancies.apply.at_source')}</p>
          <Buttons>
            <LinkButton href={vacancy.source_url} icon="globe">
              {t(`vacancies.source.${vacancy.source}`)}
            </LinkButton>
          </Buttons>
        </>
      ) : (
        <>
          <p>{t('vacancies.apply.unknown')}</p>
          {vacancy.source === 'trudvsem' && (
            <p>
              {t.rich('vacancies.apply.unknown_next', {
                a: (chunks) => <a href="https://trudvsem.ru/vacancy/search">{chunks}</a>,
              })}
            </p>
          )}
        </>
      )}
      <p class="quiet">{t('vacancies.apply.never_pay')}</p>
    </Card>
  )
}
